package dev.reactivecache.internal.miss;

import static dev.reactivecache.fake.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.LoadTimeoutException;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.fake.PickyCodec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The right to fill a key in the remote tier: given back when it is not used, and respected when others have it. */
class LeaseTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final ReactiveCache<String, String> cache = builder().remote(tier).build();
    private final HeldSource source = new HeldSource();

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("leases")
                .key(KeyCodec.ofString())
                .value(new PickyCodec())
                .timer(timer)
                .jitter(0);
    }

    private ReactiveCache<String, String> otherNode() {
        return builder().remote(server.connect()).build();
    }

    @Test
    void aLoadHoldsTheLeaseWhileItRuns() {
        cache.getOrFetch("k", source).toFuture();

        assertThat(server.isFree("k")).isFalse();
    }

    @Test
    void theLeaseIsGivenBackWhenTheLoadFails() {
        cache.getOrFetch("k", source).toFuture();

        source.fail(0, new IllegalStateException("down"));

        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void theLeaseIsGivenBackWhenTheLoadTimesOut() {
        CompletableFuture<String> hanging = cache.getOrFetch("k", source).toFuture();

        timer.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(failureOf(hanging)).isInstanceOf(LoadTimeoutException.class);
        assertThat(tier.sent(Op.RELEASE)).isEqualTo(1);
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void theLeaseIsGivenBackWhenTheLastCallerCancels() {
        CompletableFuture<String> first = cache.getOrFetch("k", source).toFuture();
        CompletableFuture<String> last = cache.getOrFetch("k", source).toFuture();

        first.cancel(true);
        assertThat(tier.sent(Op.RELEASE)).isZero();
        last.cancel(true);

        assertThat(source.cancelled()).isEqualTo(1);
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void theLeaseIsGivenBackWhenTheLastCallerCancelsWhileItIsAskedFor() {
        Held lease = tier.hold(Op.LEASE);
        CompletableFuture<String> caller = cache.getOrFetch("k", source).toFuture();
        lease.arrive();

        caller.cancel(true);

        assertThat(lease.isCancelled()).isTrue();
        assertThat(server.isFree("k")).isTrue();
        assertThat(source.loads()).isZero();
    }

    @Test
    void theLeaseIsGivenBackWhenTheQuestionForItTimedOut() {
        Held lease = tier.hold(Op.LEASE);
        CompletableFuture<String> caller = cache.getOrFetch("k", source).toFuture();

        lease.arrive().fail();
        source.answer(0, "v");

        assertThat(caller).isCompletedWithValue("v");
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void theLeaseIsGivenBackWhenTheValueCannotBeWritten() {
        StepVerifier.create(cache.getOrFetch("k", Mono.just("unwritable")))
                .expectNext("unwritable")
                .verifyComplete();

        assertThat(server.isFree("k")).isTrue();
        assertThat(cache.stats().unwritable()).isEqualTo(1);
    }

    @Test
    void theLeaseIsGivenBackWhenTheFillFailed() {
        tier.fail(Op.FILL);

        StepVerifier.create(cache.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();

        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void aLeaseNobodyCouldGiveBackEndsByItself() {
        tier.fail(Op.RELEASE);
        cache.getOrFetch("k", source).toFuture().cancel(true);
        assertThat(server.isFree("k")).isFalse();
        assertThat(cache.stats().remoteFailures()).as("the failed release").isEqualTo(1);

        timer.advanceTimeBy(Duration.ofSeconds(3));

        assertThat(server.isFree("k")).as("after the lease").isTrue();
    }

    @Test
    void aLoadWhoseKeyIsLeasedByAnotherNodeIsServedHereAndNotFilledThere() {
        otherNode().getOrFetch("k", source).toFuture();

        StepVerifier.create(cache.getOrFetch("k", Mono.just("mine")))
                .expectNext("mine")
                .verifyComplete();
        StepVerifier.create(cache.get("k"))
                .as("kept in memory")
                .expectNext("mine")
                .verifyComplete();

        assertThat(tier.sent(Op.FILL)).isZero();
        source.answer(0, "theirs");
        assertThat(server.stored("k")).isEqualTo("theirs");
    }

    @Test
    void failingBesideAnotherNodesLeaseLeavesThatLeaseAlone() {
        CompletableFuture<String> theirs = otherNode().getOrFetch("k", source).toFuture();

        StepVerifier.create(cache.getOrFetch("k", Mono.error(new IllegalStateException("down"))))
                .verifyError(IllegalStateException.class);
        source.answer(0, "theirs");

        assertThat(theirs).isCompletedWithValue("theirs");
        assertThat(server.stored("k")).isEqualTo("theirs");
    }

    @Test
    void aValueThatAppearsBetweenReadAndLeaseIsServedWithoutALoad() {
        Held lease = tier.hold(Op.LEASE);
        CompletableFuture<String> caller = cache.getOrFetch("k", source).toFuture();
        server.storeSilently("k", "of another node", Duration.ofMinutes(1));

        lease.arrive().reply();

        assertThat(caller).isCompletedWithValue("of another node");
        assertThat(source.loads()).isZero();
        assertThat(cache.stats().remoteHits()).isEqualTo(1);
    }

    @Test
    void aLoadDuringAnotherNodesWriteIsServedAndStoredNowhere() {
        CompletableFuture<String> writing =
                otherNode().writeThrough("k", source.apply("k")).toFuture();

        StepVerifier.create(cache.getOrFetch("k", Mono.just("old")))
                .expectNext("old")
                .verifyComplete();

        assertThat(tier.sent()).as("no lease is asked for").containsExactly(Op.READ);
        StepVerifier.create(cache.get("k")).verifyComplete();
        source.answer(0, "new");
        assertThat(writing).isCompletedWithValue("new");
        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
    }
}
