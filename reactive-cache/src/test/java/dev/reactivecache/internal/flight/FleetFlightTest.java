package dev.reactivecache.internal.flight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Coalescing;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.fake.PickyCodec;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.RemoteTierException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * G8: with {@link Coalescing#CLUSTER}, nodes that miss one key share one load, and no failure of the loading one hurts.
 */
class FleetFlightTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier holderTier = server.connect();
    private final FakeTier waiterTier = server.connect();
    private final ReactiveCache<String, String> holder = node(holderTier, builder -> builder);
    private final ReactiveCache<String, String> waiter = node(waiterTier, builder -> builder);
    private final HeldSource source = new HeldSource();
    private final HeldSource own = new HeldSource();

    private ReactiveCache<String, String> node(
            FakeTier tier, UnaryOperator<ReactiveCacheBuilder<String, String>> settings) {
        return settings.apply(ReactiveCache.<String, String>builder("fleet")
                        .key(KeyCodec.ofString())
                        .value(new PickyCodec())
                        .remote(tier)
                        .coalescing(Coalescing.CLUSTER)
                        .timer(timer)
                        .jitter(0))
                .build();
    }

    private CompletableFuture<String> held() {
        return holder.getOrFetch("k", source).toFuture();
    }

    private CompletableFuture<String> waiting() {
        return waiter.getOrFetch("k", own).toFuture();
    }

    @Test
    void nodesThatMissOneKeyShareOneLoad() {
        CompletableFuture<String> first = held();
        CompletableFuture<String> second = waiting();
        CompletableFuture<String> third = waiting();
        assertThat(second).isNotDone();

        source.answer(0, "v");

        assertThat(first).isCompletedWithValue("v");
        assertThat(second).isCompletedWithValue("v");
        assertThat(third).isCompletedWithValue("v");
        assertThat(own.loads()).isZero();
    }

    @Test
    void whoWaitedKeepsTheValueInMemory() {
        held();
        waiting();
        source.answer(0, "v");
        waiterTier.forget();

        StepVerifier.create(waiter.getOrFetch("k", own)).expectNext("v").verifyComplete();

        assertThat(waiterTier.sent()).isEmpty();
    }

    @Test
    void whatALoadFromBeforeAClearBringsIsNotTakenByWhoWaitedForIt() {
        held();
        CompletableFuture<String> second = waiting();

        holder.clear().block();
        waiter.get("other").block(); // now it knows of the generations after the clear
        source.answer(0, "old");
        own.answer(0, "new");

        assertThat(second).isCompletedWithValue("new");
        assertThat(waiter.get("k").block()).isEqualTo("new");
    }

    @Test
    void nobodyIsAskedWhileWaiting() {
        held();
        waiting();
        waiterTier.forget();

        timer.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(waiterTier.sent()).isEmpty();
    }

    @Test
    void aLoadThatFailsIsTakenOverByOneWhoWaits() {
        held();
        CompletableFuture<String> second = waiting();

        source.fail(0, new IllegalStateException("down"));
        own.answer(0, "mine");

        assertThat(second).isCompletedWithValue("mine");
        assertThat(server.stored("k")).isEqualTo("mine");
    }

    @Test
    void aLoadThatIsCancelledIsTakenOverByOneWhoWaits() {
        CompletableFuture<String> first = held();
        CompletableFuture<String> second = waiting();

        first.cancel(true);
        own.answer(0, "mine");

        assertThat(second).isCompletedWithValue("mine");
    }

    @Test
    void aSlowLoadIsWaitedForBecauseItsLeaseIsRenewed() {
        held();
        CompletableFuture<String> second = waiting();

        timer.advanceTimeBy(Duration.ofSeconds(8));
        assertThat(own.loads()).isZero();
        assertThat(holderTier.sent(Op.RENEW)).isEqualTo(8);
        source.answer(0, "v");

        assertThat(second).isCompletedWithValue("v");
        assertThat(server.stored("k")).isEqualTo("v");
    }

    @Test
    void aDeadHolderIsWaitedForUntilItsLeaseEnds() {
        holderTier.fail(Op.RENEW, Op.FILL, Op.RELEASE);
        held();
        CompletableFuture<String> second = waiting();

        timer.advanceTimeBy(Duration.ofMillis(2_999));
        assertThat(own.loads()).isZero();
        timer.advanceTimeBy(Duration.ofMillis(1));
        own.answer(0, "mine");

        assertThat(second).isCompletedWithValue("mine");
        assertThat(server.stored("k")).isEqualTo("mine");
        source.answer(0, "too late");
        assertThat(server.stored("k")).isEqualTo("mine");
    }

    @Test
    void aHolderThatTakesLongerThanTheLoadTimeoutIsNotWaitedForAnyLonger() {
        ReactiveCache<String, String> patient =
                node(server.connect(), builder -> builder.loadTimeout(Duration.ofMinutes(1)));
        patient.getOrFetch("k", source).toFuture();
        CompletableFuture<String> second = waiting();

        timer.advanceTimeBy(Duration.ofSeconds(10));
        own.answer(0, "mine");

        assertThat(second).isCompletedWithValue("mine");
        assertThat(server.stored("k")).as("the lease is still the other's").isNull();
    }

    @Test
    void anInvalidationWhileWaitingEndsTheWaitAndWins() {
        CompletableFuture<String> first = held();
        CompletableFuture<String> second = waiting();

        node(server.connect(), builder -> builder).invalidate("k").block();
        own.answer(0, "new");
        source.answer(0, "old");

        assertThat(first).isCompletedWithValue("old");
        assertThat(second).isCompletedWithValue("new");
        assertThat(server.stored("k")).isEqualTo("new");
    }

    @Test
    void withoutALiveStreamNobodyWaits() {
        waiterTier.gap("lost", Epoch.none());
        held();

        CompletableFuture<String> second = waiting();
        own.answer(0, "mine");

        assertThat(second).isCompletedWithValue("mine");
    }

    @Test
    void aGapEndsTheWait() {
        held();
        CompletableFuture<String> second = waiting();

        waiterTier.gap("lost", Epoch.none());
        own.answer(0, "mine");

        assertThat(second).isCompletedWithValue("mine");
    }

    @Test
    void wordThatIsLostCostsTheRestOfTheLeaseAtMost() {
        waiterTier.holdEvents();
        held();
        CompletableFuture<String> second = waiting();
        source.answer(0, "v");
        assertThat(second).isNotDone();

        timer.advanceTimeBy(Duration.ofSeconds(3));

        assertThat(second).isCompletedWithValue("v");
        assertThat(own.loads()).isZero();
    }

    @Test
    void callersWhoComeWhileTheirNodeLoadsInTheOthersPlaceShareThatLoad() {
        held();
        CompletableFuture<String> second = waiting();
        source.fail(0, new IllegalStateException("down"));

        CompletableFuture<String> third = waiting();
        own.answer(0, "mine");

        assertThat(second).isCompletedWithValue("mine");
        assertThat(third).isCompletedWithValue("mine");
        assertThat(own.loads()).isEqualTo(1);
    }

    @Test
    void whoCancelsWhileWaitingHarmsNobody() {
        CompletableFuture<String> first = held();
        waiting().cancel(true);
        CompletableFuture<String> second = waiting();

        source.answer(0, "v");

        assertThat(first).isCompletedWithValue("v");
        assertThat(second).isCompletedWithValue("v");
        assertThat(own.loads()).isZero();
    }

    @Test
    void aKeyWhoseInvalidationIsPendingIsNotReadAfterTheWait() {
        held();
        CompletableFuture<String> second = waiting();
        waiterTier.fail(Op.INVALIDATE);
        StepVerifier.create(waiter.invalidate("k")).verifyError(RemoteTierException.class);

        source.answer(0, "void, but nobody could tell");
        own.answer(0, "new");

        assertThat(second).isCompletedWithValue("new");
    }

    @Test
    void getDoesNotWait() {
        held();

        StepVerifier.create(waiter.get("k")).verifyComplete();
    }

    @Test
    void withoutItNodesLoadBesideEachOther() {
        held();
        ReactiveCache<String, String> alone = node(server.connect(), builder -> builder.coalescing(Coalescing.LOCAL));

        StepVerifier.create(alone.getOrFetch("k", Mono.just("mine")))
                .expectNext("mine")
                .verifyComplete();
    }
}
