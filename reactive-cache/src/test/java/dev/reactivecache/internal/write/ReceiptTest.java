package dev.reactivecache.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.Awaiting;
import dev.reactivecache.InvalidationReceipt;
import dev.reactivecache.InvalidationReceipt.Acknowledged;
import dev.reactivecache.InvalidationReceipt.AppliedEverywhere;
import dev.reactivecache.InvalidationReceipt.AppliedInPart;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.PickyCodec;
import dev.reactivecache.remote.RemoteTierException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What an invalidation waits for, and what its receipt says. */
class ReceiptTest {
    private static final Awaiting EVERY_NODE = Awaiting.everyNode(Duration.ofSeconds(1));

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final FakeTier far = server.connect();
    private final ReactiveCache<String, String> cache = builder().remote(tier).build();
    private final ReactiveCache<String, String> other = builder().remote(far).build();

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("receipts")
                .key(KeyCodec.ofString())
                .value(new PickyCodec())
                .timer(timer)
                .jitter(0);
    }

    private CompletableFuture<InvalidationReceipt> invalidate() {
        return cache.invalidate("k", EVERY_NODE).toFuture();
    }

    @Test
    void theAcknowledgementIsAllThatIsWaitedForUnlessAsked() {
        far.holdEvents();

        StepVerifier.create(cache.invalidate("k", Awaiting.acknowledgement()))
                .expectNext(new Acknowledged())
                .verifyComplete();

        assertThat(tier.sent()).containsExactly(Op.INVALIDATE);
    }

    @Test
    void theReceiptComesWhenNoNodeHasAnOlderCopy() {
        other.put("k", "old").block();
        other.get("k").block();
        far.holdEvents();

        CompletableFuture<InvalidationReceipt> receipt = invalidate();
        assertThat(receipt).isNotDone();
        StepVerifier.create(other.get("k")).expectNext("old").verifyComplete();
        far.deliverEvents();

        assertThat(receipt).isCompletedWithValue(new AppliedEverywhere(2));
        StepVerifier.create(other.get("k")).verifyComplete();
    }

    @Test
    void theReceiptSaysHowFarItGotWhenTheTimeIsUp() {
        far.holdEvents();

        CompletableFuture<InvalidationReceipt> receipt = invalidate();
        timer.advanceTimeBy(Duration.ofMillis(999));
        assertThat(receipt).isNotDone();
        timer.advanceTimeBy(Duration.ofMillis(1));

        assertThat(receipt).isCompletedWithValue(new AppliedInPart(1, 2));
    }

    @Test
    void aNodeThatHasClosedTheCacheIsNotWaitedFor() {
        far.holdEvents();
        other.close().block();

        assertThat(invalidate()).isCompletedWithValue(new AppliedEverywhere(1));
    }

    @Test
    void withoutWordOfTheNodesTheReceiptSaysThatTheTierHasIt() {
        tier.fail(Op.SPREAD);
        assertThat(invalidate()).isCompletedWithValue(new Acknowledged());
        assertThat(cache.stats().remoteFailures()).isEqualTo(1);

        tier.heal().hold(Op.SPREAD);
        CompletableFuture<InvalidationReceipt> silence = invalidate();
        timer.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(silence).isCompletedWithValue(new Acknowledged());
    }

    @Test
    void anInvalidationThatIsNotAcknowledgedErrorsAndAsksNobody() {
        tier.fail(Op.INVALIDATE);

        StepVerifier.create(cache.invalidate("k", EVERY_NODE)).verifyError(RemoteTierException.class);

        assertThat(tier.sent(Op.SPREAD)).isZero();
        assertThat(cache.health().recovery().pending()).isEqualTo(1);
    }

    @Test
    void anInMemoryCacheIsOneNode() {
        ReactiveCache<String, String> alone =
                ReactiveCache.<String, String>builder("alone").build();

        StepVerifier.create(alone.invalidate("k", EVERY_NODE))
                .expectNext(new AppliedEverywhere(1))
                .verifyComplete();
        StepVerifier.create(alone.invalidate("k", Awaiting.acknowledgement()))
                .expectNext(new Acknowledged())
                .verifyComplete();
    }

    @Test
    void nothingHappensBeforeSubscriptionAndBadInputIsRefused() {
        cache.invalidate("k", EVERY_NODE);

        assertThat(tier.sent()).isEmpty();
        assertThatThrownBy(() -> cache.invalidate(null, EVERY_NODE)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> cache.invalidate("k", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Awaiting.everyNode(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("everyNode (PT0S)");
    }
}
