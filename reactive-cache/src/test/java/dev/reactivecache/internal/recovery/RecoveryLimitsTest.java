package dev.reactivecache.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheHealth.Status;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.RecoveryHealth;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.remote.RemoteTierException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** G10, when the caller does not wait, or there is no room for more keys: nothing is dropped. */
class RecoveryLimitsTest extends RecoveryFixture {
    RecoveryLimitsTest() {
        super(cache -> cache.recoveryCapacity(100));
    }

    @Test
    void whoCancelsAnInvalidationOrAPutDoesNotCancelWhatItIsFor() {
        other.put("invalidated", "old").block();
        other.put("put", "old").block();
        tier.hold(Op.INVALIDATE);
        tier.hold(Op.PUT);

        cache.invalidate("invalidated").subscribe().dispose();
        cache.put("put", "new").subscribe().dispose();
        assertPending(2);
        timer.advanceTimeBy(Duration.ofMillis(100));

        assertThat(server.isFree("invalidated")).isTrue();
        assertThat(server.isFree("put")).isTrue();
        assertPending(0);
    }

    @Test
    void whoCancelsAfterwardsHarmsNothing() {
        cache.put("k", "v").subscribe(new CoreSubscriber<>() {
            private Subscription subscription;

            @Override
            public void onSubscribe(Subscription begun) {
                subscription = begun;
                begun.request(1);
            }

            @Override
            public void onNext(Void nothing) {}

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {
                subscription.cancel();
            }
        });

        assertPending(0);
        assertThat(server.stored("k")).isEqualTo("v");
    }

    @Test
    void moreThanThereIsRoomForBecomesOneClear() {
        FakeTier ill = server.connect().fail(Op.INVALIDATE, Op.END_GENERATION);
        ReactiveCache<String, String> small =
                builder().remote(ill).recoveryCapacity(2).build();
        List.of("a", "b", "c", "d").forEach(key -> other.put(key, "old").block());
        small.invalidateAll(List.of("a", "b")).onErrorComplete().block();
        assertThat(small.health().recovery()).isEqualTo(new RecoveryHealth(2, Duration.ZERO, true));

        StepVerifier.create(small.invalidate("c"))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(RemoteTierException.class)
                        .hasMessageContaining("key c is kept"));

        // meanwhile this node believes nothing of the tier, and says so
        assertThat(small.health().recovery()).isEqualTo(new RecoveryHealth(0, Duration.ZERO, false, 0, true));
        assertThat(small.health().status()).isEqualTo(Status.DEGRADED);
        assertThat(small.getOrFetch("d", Mono.just("new")).block()).isEqualTo("new");
        assertThat(small.get("d").block()).isNull();
        assertThat(server.stored("d")).isEqualTo("old");

        // and when it is back, all is void for everybody
        ill.heal().back(false);
        assertThat(small.health().recovery()).isEqualTo(RecoveryHealth.NOTHING_PENDING);
        assertThat(small.stats().lost()).isZero();
        for (String key : List.of("a", "b", "c", "d")) {
            assertThat(other.getOrFetch(key, Mono.just("new")).block()).isEqualTo("new");
        }
    }

    @Test
    void aWriteThatBeganIsKeptIfThereIsNoRoom() {
        FakeTier ill = server.connect().fail(Op.INVALIDATE, Op.END_WRITE, Op.END_GENERATION);
        ReactiveCache<String, String> small =
                builder().remote(ill).recoveryCapacity(1).build();
        small.invalidate("a").onErrorComplete().block();

        small.writeThrough("b", Mono.just("v")).onErrorComplete().block();

        assertThat(small.health().recovery().wholeCache()).isTrue();
        assertThat(small.stats().lost()).isZero();
    }
}
