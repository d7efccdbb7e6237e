package dev.reactivecache.internal.flight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.local.LocalTier;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** G17: chains of loads of which each reads the next key end, however long they are. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD) // what these tests look for is waiting for ever
class LoadChainsTest {
    private static final int LENGTH = 10_000;

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final AtomicInteger loads = new AtomicInteger();

    private ReactiveCache<Integer, String> cache(boolean remote) {
        var builder = ReactiveCache.<Integer, String>builder("chains")
                .key(KeyCodec.ofInt())
                .value(ValueCodec.ofString())
                .local(LocalTier.maximumSize(2L * LENGTH))
                .timer(timer);
        return remote ? builder.remote(new FakeServer(timer).connect()).build() : builder.build();
    }

    private Mono<String> link(ReactiveCache<Integer, String> cache, int key, Mono<String> end) {
        return cache.getOrFetch(key, same -> {
            loads.incrementAndGet();
            return same == LENGTH ? end : link(cache, same + 1, end);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLongChainOfLoadsThatAreThereAtOnceEnds(boolean remote) {
        CompletableFuture<String> first =
                link(cache(remote), 0, Mono.just("end")).toFuture();

        assertThat(first).isCompletedWithValue("end");
        assertThat(loads).hasValue(LENGTH + 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLongChainOfLoadsEndsWithItsLast(boolean remote) {
        Sinks.One<String> end = Sinks.one();
        CompletableFuture<String> first = link(cache(remote), 0, end.asMono()).toFuture();
        assertThat(first).isNotDone();

        end.tryEmitValue("end");

        assertThat(first).isCompletedWithValue("end");
    }

    @Test
    void aLongChainOfLoadsFailsWithItsLast() {
        Sinks.One<String> end = Sinks.one();
        CompletableFuture<String> first = link(cache(false), 0, end.asMono()).toFuture();

        end.tryEmitError(new IllegalStateException("down"));

        assertThat(first).isCompletedExceptionally();
    }

    @Test
    void aLongChainOfLoadsIsCancelledToItsLast() {
        AtomicBoolean cancelled = new AtomicBoolean();
        Mono<String> end = Mono.<String>never().doOnCancel(() -> cancelled.set(true));
        Disposable first = link(cache(false), 0, end).subscribe();

        first.dispose();

        assertThat(cancelled).isTrue();
    }

    @Test
    void aLongChainOfLoadsTimesOut() {
        CompletableFuture<String> first = link(cache(false), 0, Mono.never()).toFuture();

        timer.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(first).isCompletedExceptionally();
    }
}
