package dev.reactivecache.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheHealth;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.PickyCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** G10: a cache that closes tries once more, says what it gives up, and sends nothing after that. */
class RecoveryAtCloseTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("closing")
            .key(KeyCodec.ofString())
            .value(new PickyCodec())
            .remote(tier)
            .timer(timer)
            .build();

    private void loseTwo() {
        server.storeSilently("a", "old", Duration.ofMinutes(5));
        server.storeSilently("b", "old", Duration.ofMinutes(5));
        tier.fail(Op.INVALIDATE);
        cache.invalidateAll(List.of("a", "b")).onErrorComplete().block();
    }

    @Test
    void whatIsPendingIsSentOnceMore() {
        loseTwo();
        tier.heal();

        cache.close().block();

        assertThat(server.isFree("a")).isTrue();
        assertThat(server.isFree("b")).isTrue();
        assertThat(cache.stats().recovered()).isEqualTo(2);
        assertThat(cache.stats().lost()).isZero();
    }

    @Test
    void whatTheTierDoesNotTakeIsGivenUpAndCounted() {
        loseTwo();

        cache.close().block();
        tier.heal().forget();
        timer.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(cache.stats().lost()).isEqualTo(2);
        assertThat(tier.sent()).as("sent after close").isEmpty();
    }

    @Test
    void aTierThatDoesNotAnswerIsWaitedForTwoSecondsAtMost() {
        loseTwo();
        tier.heal();
        Held silent = tier.hold(Op.INVALIDATE);

        CompletableFuture<Void> closing = cache.close().toFuture();
        assertThat(silent.isSent()).isTrue();
        timer.advanceTimeBy(Duration.ofMillis(1_999));
        assertThat(closing).isNotDone();
        timer.advanceTimeBy(Duration.ofMillis(1));

        assertThat(closing).isCompletedWithValue(null);
        assertThat(cache.stats().lost()).isEqualTo(1);
        assertThat(cache.stats().recovered()).isEqualTo(1);
    }

    @Test
    void whoCancelsClosingClosesAllTheSame() {
        loseTwo();
        tier.heal();
        tier.hold(Op.INVALIDATE);

        cache.close().subscribe().dispose();

        assertThat(cache.health().status()).isEqualTo(CacheHealth.Status.CLOSED);
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void theEndOfAWriteThatOutlivesTheCacheAndFailsIsCountedAsLost() {
        Sinks.One<String> write = Sinks.one();
        CompletableFuture<String> writing =
                cache.writeThrough("k", write.asMono()).toFuture();
        cache.close().block();
        tier.fail(Op.END_WRITE);

        write.tryEmitValue("v").orThrow();

        assertThat(writing).isCompletedExceptionally();
        assertThat(cache.stats().lost()).isEqualTo(1);
    }

    @Test
    void anInvalidationUnderWayIsNotHeldUp() {
        Held held = tier.hold(Op.INVALIDATE);
        CompletableFuture<Void> invalidating = cache.invalidate("k").toFuture();

        Mono<Void> close = cache.close();
        close.block();
        held.arrive().reply();

        assertThat(invalidating).isCompletedWithValue(null);
    }
}
