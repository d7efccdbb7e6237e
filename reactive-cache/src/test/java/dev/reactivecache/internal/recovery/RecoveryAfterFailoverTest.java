package dev.reactivecache.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.PickyCodec;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** G10: what a master that took over may not know of is sent to it again. */
class RecoveryAfterFailoverTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final ReactiveCache<String, String> cache = builder().build();

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("promoted")
                .key(KeyCodec.ofString())
                .value(new PickyCodec())
                .remote(tier)
                .timer(timer)
                .jitter(0);
    }

    @Test
    void invalidationsWritesAndPutsOfTheLastMinuteAreInvalidatedAgain() {
        cache.invalidate("too old").block();
        timer.advanceTimeBy(Duration.ofSeconds(1));
        cache.invalidate("invalidated").block();
        timer.advanceTimeBy(Duration.ofSeconds(60));
        cache.writeThrough("written", Mono.just("v")).block();
        cache.deleteThrough("deleted", Mono.empty()).block();
        cache.put("put", "v").block();
        for (String key : new String[] {"too old", "invalidated", "written", "deleted", "put"}) {
            server.storeSilently(key, "resurrected", LONG);
        }

        tier.back(true);

        assertThat(server.stored("too old")).isEqualTo("resurrected");
        assertThat(server.isFree("invalidated")).isTrue();
        assertThat(server.isFree("written")).isTrue();
        assertThat(server.isFree("deleted")).isTrue();
        assertThat(server.isFree("put")).isTrue();
    }

    @Test
    void nothingIsSentAgainIfNothingMayBeLost() {
        cache.invalidate("k").block();
        tier.forget();

        tier.back(false);

        assertThat(tier.sent()).isEmpty();
    }

    @Test
    void whatCameBackIsServedNeitherFromMemoryNorFromTheTierUntilThatIsAcknowledged() {
        // given a value that came back, and was read before this node heard of the new master
        cache.invalidate("k").block();
        server.storeSilently("k", "resurrected", LONG);
        cache.get("k").block();
        tier.holdEvents();
        Held again = tier.hold(Op.INVALIDATE);

        tier.back(true);

        StepVerifier.create(cache.get("k")).verifyComplete();
        StepVerifier.create(cache.getOrFetch("k", Mono.just("new")))
                .expectNext("new")
                .verifyComplete();
        again.arrive().reply();
        StepVerifier.create(cache.get("k")).verifyComplete();
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void whatTheNewMasterDoesNotAcknowledgeIsKept() {
        cache.invalidate("k").block();
        server.storeSilently("k", "resurrected", LONG);
        tier.fail(Op.INVALIDATE);

        tier.back(true);
        timer.advanceTimeBy(Duration.ofMinutes(2));
        assertThat(cache.health().recovery().pending()).isEqualTo(1);
        tier.heal().back(false);

        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void whatCannotAllBeRememberedIsClearedAltogether() {
        FakeTier node = server.connect();
        ReactiveCache<String, String> small =
                builder().remote(node).recoveryCapacity(2).build();
        for (String key : new String[] {"a", "b", "c"}) {
            small.invalidate(key).block();
            server.storeSilently(key, "resurrected", LONG);
        }

        node.back(true);
        node.back(false);

        assertThat(small.get("a").block()).isNull();
        assertThat(server.isFree("b")).isTrue();
        assertThat(server.isFree("c")).isTrue();
    }
}
