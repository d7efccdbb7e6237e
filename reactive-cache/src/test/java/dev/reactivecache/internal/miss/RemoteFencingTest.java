package dev.reactivecache.internal.miss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.fake.PickyCodec;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.RemoteTierException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** G4, G5 and G7: what was asked before an invalidation, an event or a gap is not kept when it arrives after. */
class RemoteFencingTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final ReactiveCache<String, String> cache = node(tier);
    private final ReactiveCache<String, String> other = node(server.connect());
    private final HeldSource source = new HeldSource();

    private static ReactiveCacheBuilder<String, String> builder(VirtualTimeScheduler timer) {
        return ReactiveCache.<String, String>builder("fenced")
                .key(KeyCodec.ofString())
                .value(new PickyCodec())
                .timer(timer)
                .jitter(0);
    }

    private ReactiveCache<String, String> node(FakeTier own) {
        return builder(timer).remote(own).build();
    }

    private void assertReadsAnew(String expected) {
        StepVerifier.create(cache.getOrFetch("k", Mono.just(expected)))
                .expectNext(expected)
                .verifyComplete();
    }

    @Test // R1
    void aLoadFromBeforeThisNodesInvalidationIsStoredNowhere() {
        CompletableFuture<String> loading = cache.getOrFetch("k", source).toFuture();

        cache.invalidate("k").block();
        source.answer(0, "from before");

        assertThat(loading).isCompletedWithValue("from before");
        assertThat(server.isFree("k")).isTrue();
        assertThat(cache.stats().refusedFills()).isEqualTo(1);
        assertReadsAnew("from after");
    }

    @Test // R1
    void aLoadFromBeforeThisNodesInvalidationIsNotJoinedAlsoWhenNoEventComes() {
        tier.holdEvents();
        cache.getOrFetch("k", source).toFuture();

        cache.invalidate("k").block();
        CompletableFuture<String> after = cache.getOrFetch("k", source).toFuture();
        source.answer(0, "from before");

        assertThat(after).isNotDone();
        source.answer(1, "from after");
        assertThat(after).isCompletedWithValue("from after");
    }

    @Test // R2
    void aLoadFromBeforeAnotherNodesInvalidationIsRefusedAlsoWhenNoEventHasCome() {
        tier.holdEvents();
        CompletableFuture<String> loading = cache.getOrFetch("k", source).toFuture();

        other.invalidate("k").block();
        source.answer(0, "from before");

        assertThat(loading).isCompletedWithValue("from before");
        assertThat(cache.stats().refusedFills()).isEqualTo(1);
        assertThat(server.isFree("k")).isTrue();
        assertReadsAnew("from after");
    }

    @Test // G7
    void aLoadIsSharedForTheStalenessBoundAndNoLongerWhileTheStreamIsSilent() {
        Duration bound = Duration.ofSeconds(1);
        tier.gap("begins", Epoch.bounded(bound.toNanos(), timer.now(TimeUnit.NANOSECONDS)));
        assertSharedFor(bound);
    }

    @Test // G7
    void aLoadIsSharedForTheStalenessBoundAndNoLongerWhileThereIsNoStream() {
        Duration bound = Duration.ofSeconds(1);
        tier.gap("lost", Epoch.none(bound.toNanos()));
        assertSharedFor(bound);
    }

    private void assertSharedFor(Duration bound) {
        // given a load that another node's change overtakes, without a word
        tier.holdEvents();
        cache.getOrFetch("k", source).toFuture();
        other.invalidate("k").block();

        // when others come, up to the bound after it and later
        timer.advanceTimeBy(bound);
        CompletableFuture<String> within = cache.getOrFetch("k", source).toFuture();
        timer.advanceTimeBy(Duration.ofNanos(1));
        CompletableFuture<String> beyond = cache.getOrFetch("k", source).toFuture();
        CompletableFuture<String> withIt = cache.getOrFetch("k", source).toFuture();
        source.answer(0, "from before");

        // then only the former are given what it brings, and the latter share a load of their own
        assertThat(within).isCompletedWithValue("from before");
        assertThat(beyond).isNotDone();
        source.answer(1, "from after");
        assertThat(beyond).isCompletedWithValue("from after");
        assertThat(withIt).isCompletedWithValue("from after");
        assertThat(source.loads()).isEqualTo(2);
    }

    @Test // G1
    void aLoadIsSharedHoweverLongItTakesWhileTheStreamIsHeard() {
        Epoch heard = Epoch.bounded(Duration.ofSeconds(1).toNanos(), timer.now(TimeUnit.NANOSECONDS));
        tier.gap("begins", heard);
        CompletableFuture<String> first = cache.getOrFetch("k", source).toFuture();

        timer.advanceTimeBy(Duration.ofSeconds(5));
        heard.heard(timer.now(TimeUnit.NANOSECONDS));
        CompletableFuture<String> second = cache.getOrFetch("k", source).toFuture();
        source.answer(0, "v");

        assertThat(first).isCompletedWithValue("v");
        assertThat(second).isCompletedWithValue("v");
        assertThat(source.loads()).isEqualTo(1);
    }

    @Test // R2
    void aRefusedFillAnswersAllWhoJoinedAndIsKeptNowhere() {
        CompletableFuture<String> first = cache.getOrFetch("k", source).toFuture();
        CompletableFuture<String> second = cache.getOrFetch("k", source).toFuture();
        tier.holdEvents();
        other.invalidate("k").block();

        source.answer(0, "from before");

        assertThat(first).isCompletedWithValue("from before");
        assertThat(second).isCompletedWithValue("from before");
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void aFillIsRefusedAlsoWhenAnotherLoadHasTakenTheLeaseSince() {
        CompletableFuture<String> slow = cache.getOrFetch("k", source).toFuture();
        other.invalidate("k").block();
        CompletableFuture<String> newer = other.getOrFetch("k", source).toFuture();

        source.answer(0, "from before");
        source.answer(1, "from after");

        assertThat(slow).isCompletedWithValue("from before");
        assertThat(newer).isCompletedWithValue("from after");
        assertThat(server.stored("k")).isEqualTo("from after");
    }

    @Test // R5
    void aReplyThatArrivesAfterTheEventOfANewerChangeIsNotKept() {
        server.storeSilently("k", "old", Duration.ofMinutes(1));
        Held read = tier.hold(Op.READ);
        CompletableFuture<String> reading = cache.getOrFetch("k", source).toFuture();
        read.arrive();
        server.delete("k");

        read.reply();

        assertThat(reading).as("asked before the change").isCompletedWithValue("old");
        assertThat(cache.stats().localSize()).isZero();
        assertReadsAnew("new");
    }

    @Test // R5
    void aReadAfterTheEventDoesNotJoinTheQuestionFromBefore() {
        server.storeSilently("k", "old", Duration.ofMinutes(1));
        Held read = tier.hold(Op.READ);
        cache.getOrFetch("k", source).toFuture();
        read.arrive();
        server.delete("k");

        CompletableFuture<String> after =
                cache.getOrFetch("k", Mono.just("new")).toFuture();
        read.reply();

        assertThat(after).isCompletedWithValue("new");
    }

    @Test // R5
    void aFillThatWasAcknowledgedAfterTheEventOfANewerChangeIsNotKept() {
        Held fill = tier.hold(Op.FILL);
        CompletableFuture<String> loading =
                cache.getOrFetch("k", Mono.just("old")).toFuture();
        fill.arrive();
        other.invalidate("k").block();

        fill.reply();

        assertThat(loading).isCompletedWithValue("old");
        assertReadsAnew("new");
    }

    @Test // R9
    void theEventOfAnInvalidationMayComeBeforeItsReply() {
        cache.getOrFetch("k", Mono.just("old")).block();
        Held invalidation = tier.hold(Op.INVALIDATE);
        CompletableFuture<Void> invalidating = cache.invalidate("k").toFuture();

        invalidation.arrive(); // and the event with it
        StepVerifier.create(cache.getOrFetch("k", Mono.just("between")))
                .expectNext("between")
                .verifyComplete();
        invalidation.reply();

        assertThat(invalidating).isCompletedWithValue(null);
        StepVerifier.create(cache.get("k")).expectNext("between").verifyComplete();
    }

    @Test // R9
    void theReplyOfAnInvalidationMayComeBeforeItsEvent() {
        cache.getOrFetch("k", Mono.just("old")).block();
        tier.holdEvents();

        cache.invalidate("k").block();
        assertReadsAnew("new");
        tier.deliverEvents();

        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
        assertThat(tier.sent(Op.READ))
                .as("the event dropped the copy in memory")
                .isEqualTo(3);
    }

    @Test
    void aReadBetweenTheSendingOfAnInvalidationAndItsReplyIsNotKeptUnlessItCameAfter() {
        server.storeSilently("k", "old", Duration.ofMinutes(1));
        tier.holdEvents();
        Held invalidation = tier.hold(Op.INVALIDATE);
        cache.invalidate("k").toFuture();
        StepVerifier.create(cache.getOrFetch("k", source))
                .as("before Redis knows")
                .expectNext("old")
                .verifyComplete();

        invalidation.arrive().reply();

        assertReadsAnew("new");
    }

    @Test
    void aNodesOwnCopyIsGoneAsSoonAsAnInvalidationIsSent() {
        cache.getOrFetch("k", Mono.just("old")).block();
        tier.holdEvents();
        tier.hold(Op.INVALIDATE);
        tier.forget();

        cache.invalidate("k").toFuture();
        cache.get("k").block();

        assertThat(tier.sent()).containsExactly(Op.INVALIDATE, Op.READ);
    }

    @Test
    void aNodesOwnCopyIsGoneWhenAnInvalidationFails() {
        cache.getOrFetch("k", Mono.just("old")).block();
        tier.fail(Op.INVALIDATE).forget();

        StepVerifier.create(cache.invalidate("k")).verifyError(RemoteTierException.class);

        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test
    void whatAFlightBringsAfterAGapIsAnsweredButNotServedUnchecked() {
        Held read = tier.hold(Op.READ);
        server.storeSilently("k", "v", Duration.ofMinutes(1));
        CompletableFuture<String> reading = cache.getOrFetch("k", source).toFuture();
        read.arrive();

        tier.gap("connection lost");
        read.reply();
        tier.forget();
        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();

        assertThat(reading).isCompletedWithValue("v");
        assertThat(tier.sent()).as("asked again").hasSize(1);
    }

    @Test
    void aLoadThatWasFilledAfterAGapIsNotServedUnchecked() {
        CompletableFuture<String> loading = cache.getOrFetch("k", source).toFuture();

        tier.gap("connection lost");
        source.answer(0, "v");
        tier.forget();
        cache.get("k").block();

        assertThat(loading).isCompletedWithValue("v");
        assertThat(tier.sent()).as("asked again").hasSize(1);
    }

    @Test
    void callersAfterAGapDoNotJoinAFlightFromBeforeIt() {
        CompletableFuture<String> before = cache.getOrFetch("k", source).toFuture();

        tier.gap("connection lost");
        CompletableFuture<String> after = cache.getOrFetch("k", source).toFuture();
        source.answer(0, "from before");

        assertThat(before).isCompletedWithValue("from before");
        assertThat(source.loads()).isEqualTo(2);
        assertThat(after).isNotDone();
        source.answer(1, "from after");
        assertThat(after).isCompletedWithValue("from after");
    }

    @Test
    void callersStillShareOneFlightWhileTheStreamIsDown() {
        tier.gap("connection lost", Epoch.none());
        CompletableFuture<String> first = cache.getOrFetch("k", source).toFuture();
        CompletableFuture<String> second = cache.getOrFetch("k", source).toFuture();

        source.answer(0, "v");

        assertThat(source.loads()).isEqualTo(1);
        assertThat(first).isCompletedWithValue("v");
        assertThat(second).isCompletedWithValue("v");
    }

    @Test
    void nothingIsKeptInMemoryWhileTheStreamIsDown() {
        tier.gap("connection lost", Epoch.none());
        cache.getOrFetch("k", Mono.just("v")).block();
        server.storeSilently("k", "changed unnoticed", Duration.ofMinutes(1));

        StepVerifier.create(cache.get("k")).expectNext("changed unnoticed").verifyComplete();
    }

    @Test
    void aCopyBesideAnotherNodesLeaseGoesWithThatNodesInvalidation() {
        other.getOrFetch("k", source).toFuture();
        StepVerifier.create(cache.getOrFetch("k", Mono.just("old")))
                .expectNext("old")
                .verifyComplete();

        other.invalidate("k").block();

        assertReadsAnew("new");
    }
}
