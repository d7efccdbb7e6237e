package dev.reactivecache.internal.recovery;

import static dev.reactivecache.fake.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheHealth.Status;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.RecoveryHealth;
import dev.reactivecache.UncertainWriteException;
import dev.reactivecache.codec.CodecException;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.fake.PickyCodec;
import dev.reactivecache.remote.RemoteTierException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/**
 * G10: an invalidation that Redis did not acknowledge is kept, sent until it does, and no older copy served meanwhile.
 */
class RecoveryTest extends RecoveryFixture {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final HeldSource source = new HeldSource();

    RecoveryTest() {
        super(cache -> cache.recoveryCapacity(100));
    }

    /** An invalidation that the tier does not get; it has "old". */
    private void loseInvalidation(String key) {
        other.put(key, "old").block();
        tier.fail(Op.INVALIDATE);
        StepVerifier.create(cache.invalidate(key)).verifyError(RemoteTierException.class);
        tier.forget();
    }

    @Test
    void aLostInvalidationIsSentOnceTheTierTakesIt() {
        loseInvalidation("k");
        timer.advanceTimeBy(LONG);
        assertThat(server.stored("k")).isEqualTo("old");

        tier.heal();
        timer.advanceTimeBy(LONGEST_WAIT);

        assertThat(server.isFree("k")).isTrue();
        assertPending(0);
        assertThat(cache.stats().recovered()).isEqualTo(1);
        assertThat(cache.stats().lost()).isZero();
    }

    @Test
    void triesBecomeRarer() {
        loseInvalidation("k");

        timer.advanceTimeBy(Duration.ofMillis(100));
        assertThat(tier.sent(Op.INVALIDATE)).as("in the first 100 ms").isEqualTo(1);
        timer.advanceTimeBy(LONG);
        tier.forget();
        timer.advanceTimeBy(LONG);
        assertThat(tier.sent(Op.INVALIDATE)).as("in a later minute").isBetween(11L, 25L);
    }

    @Test
    void noTimerRunsWithoutNeed() {
        tier.fail(Op.INVALIDATE);
        for (int i = 0; i < 100; i++) {
            cache.invalidate("k" + i).onErrorComplete().block();
        }
        timer.advanceTimeBy(LONG);
        tier.forget();
        long before = timer.getScheduledTaskCount();

        timer.advanceTimeBy(LONG);

        assertThat(timer.getScheduledTaskCount() - before).isLessThanOrEqualTo(tier.sent(Op.INVALIDATE));
    }

    @Test
    void aLostInvalidationIsSentAtOnceWhenTheTierIsBack() {
        loseInvalidation("k");
        timer.advanceTimeBy(LONG);
        tier.heal();

        tier.back(false);

        assertThat(server.isFree("k")).isTrue();
        assertPending(0);
    }

    @Test
    void manyAreSentWhenTheTierIsBackWithoutNestingOfCalls() {
        ReactiveCache<String, String> large = ReactiveCache.<String, String>builder("large")
                .key(KeyCodec.ofString())
                .value(new PickyCodec())
                .remote(tier)
                .timer(timer)
                .build();
        tier.fail(Op.INVALIDATE);
        List<String> keys = IntStream.range(0, 10_000).mapToObj(i -> "k" + i).toList();
        large.invalidateAll(keys).onErrorComplete().block();
        assertThat(large.health().recovery()).isEqualTo(new RecoveryHealth(10_000, Duration.ZERO, true));

        tier.heal();
        tier.back(false);

        assertThat(large.health().recovery()).isEqualTo(RecoveryHealth.NOTHING_PENDING);
        assertThat(large.stats().recovered()).isEqualTo(10_000);
    }

    @Test
    void aPendingKeyIsAnsweredNeitherFromMemoryNorFromTheRemoteTier() {
        other.put("k", "old").block();
        StepVerifier.create(cache.get("k")).as("in memory").expectNext("old").verifyComplete();
        loseInvalidation("k");

        StepVerifier.create(cache.get("k")).verifyComplete();
        StepVerifier.create(cache.getOrFetch("k", Mono.just("new")))
                .expectNext("new")
                .verifyComplete();
        StepVerifier.create(cache.lookup("k", key -> Mono.just("newer")))
                .assertNext(answer -> {
                    assertThat(answer.value()).isEqualTo("newer");
                    assertThat(answer.origin()).isEqualTo(Origin.LOADER);
                    assertThat(answer.remainingTtl()).isEqualTo(Duration.ZERO);
                })
                .verifyComplete();

        assertThat(tier.sent()).as("asked of the tier").isEmpty();
        assertThat(server.stored("k")).isEqualTo("old");
        StepVerifier.create(cache.get("another")).verifyComplete();
        assertThat(tier.sent()).as("of another key").containsExactly(Op.READ);
    }

    @Test
    void callersOfAPendingKeyShareOneLoad() {
        loseInvalidation("k");
        CompletableFuture<String> first = cache.getOrFetch("k", source).toFuture();
        CompletableFuture<String> second = cache.getOrFetch("k", source).toFuture();
        StepVerifier.create(cache.get("k")).as("does not wait").verifyComplete();

        source.answer(0, "new");

        assertThat(source.loads()).isEqualTo(1);
        assertThat(first).isCompletedWithValue("new");
        assertThat(second).isCompletedWithValue("new");
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void aLoadFromBeforeTheInvalidationIsNeitherJoinedNorKeptAfterItFailed() {
        CompletableFuture<String> before = cache.getOrFetch("k", source).toFuture();
        tier.fail(Op.INVALIDATE);
        cache.invalidate("k").onErrorComplete().block();

        CompletableFuture<String> after = cache.getOrFetch("k", source).toFuture();
        source.answer(0, "old");
        source.answer(1, "new");

        assertThat(before).isCompletedWithValue("old");
        assertThat(after).isCompletedWithValue("new");
        tier.heal().back(false);
        StepVerifier.create(cache.get("k")).verifyComplete();
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void theTierIsUsedForTheKeyAgainOnceItHasAcknowledged() {
        loseInvalidation("k");
        tier.heal().back(false);

        StepVerifier.create(cache.getOrFetch("k", Mono.just("new")))
                .expectNext("new")
                .verifyComplete();

        assertThat(server.stored("k")).isEqualTo("new");
        tier.forget();
        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
        assertThat(tier.sent()).as("in memory").isEmpty();
    }

    @Test
    void aNewerInvalidationOfTheKeyThatIsAcknowledgedEndsTheOlder() {
        loseInvalidation("k");
        tier.heal();

        StepVerifier.create(cache.invalidate("k")).verifyComplete();

        assertPending(0);
        assertThat(cache.stats().recovered()).isEqualTo(1);
        timer.advanceTimeBy(LONG);
        assertThat(tier.sent()).as("not sent again").containsExactly(Op.INVALIDATE);
    }

    @Test
    void anAcknowledgementOfAnOlderQuestionDoesNotEndANewerInvalidation() {
        // given one that is under way when another of the same key fails
        Held older = tier.hold(Op.INVALIDATE);
        CompletableFuture<Void> invalidating = cache.invalidate("k").toFuture();
        loseInvalidation("k");

        // when the older, which was done before the newer was asked for, is acknowledged
        older.arrive().reply();

        // then the newer is pending still
        assertThat(invalidating).isCompletedWithValue(null);
        assertPending(1);
    }

    @Test
    void anInvalidationThatFailsWhileItsKeyIsBeingSentAgainIsSentAfterThat() {
        loseInvalidation("k");
        tier.heal();
        Held again = tier.hold(Op.INVALIDATE);
        timer.advanceTimeBy(Duration.ofMillis(100));
        again.arrive();
        loseInvalidation("k");
        timer.advanceTimeBy(LONG);
        assertThat(tier.sent(Op.INVALIDATE)).as("in order: one at a time").isZero();

        tier.heal();
        again.reply();
        timer.advanceTime();

        assertThat(tier.sent(Op.INVALIDATE)).isEqualTo(1);
        assertThat(server.isFree("k")).isTrue();
        assertPending(0);
    }

    @Test
    void aKeyThatIsStuckDoesNotHoldUpOthers() {
        loseInvalidation("stuck");
        tier.heal();
        Held stuck = tier.hold(Op.INVALIDATE);
        timer.advanceTimeBy(Duration.ofMillis(100));
        assertThat(stuck.isSent()).isTrue();
        loseInvalidation("k");
        tier.heal();

        timer.advanceTimeBy(Duration.ofMillis(100));

        assertThat(server.isFree("k")).isTrue();
        assertThat(server.stored("stuck")).isEqualTo("old");
        assertPending(1);
    }

    @Test
    void aPutThatIsNotAcknowledgedIsAnInvalidationToBeMade() {
        other.put("k", "old").block();
        Held put = tier.hold(Op.PUT);
        CompletableFuture<Void> putting = cache.put("k", "new").toFuture();
        put.fail();
        assertThat(failureOf(putting)).isInstanceOf(RemoteTierException.class).hasMessageContaining("key k is kept");
        assertPending(1);

        timer.advanceTimeBy(LONGEST_WAIT);

        assertThat(server.isFree("k")).isTrue();
        assertPending(0);
    }

    @Test
    void aPutThatIsAcknowledgedEndsWhatWasPending() {
        loseInvalidation("k");

        cache.put("k", "new").block();
        tier.heal();
        timer.advanceTimeBy(LONG);

        assertPending(0);
        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
    }

    @Test
    void aWriteThroughThatSucceedsEndsWhatWasPending() {
        loseInvalidation("k");

        StepVerifier.create(cache.writeThrough("k", Mono.just("new")))
                .expectNext("new")
                .verifyComplete();
        tier.heal();
        timer.advanceTimeBy(LONG);

        assertPending(0);
        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
    }

    @Test
    void theEndOfAWriteThatCouldNotBeToldIsRepeatedAsAnInvalidation() {
        other.put("k", "old").block();
        tier.fail(Op.END_WRITE);
        StepVerifier.create(cache.writeThrough("k", Mono.just("new")))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(UncertainWriteException.class)
                        .hasMessageContaining("is kept"));
        assertPending(1);
        StepVerifier.create(cache.getOrFetch("k", Mono.just("new")))
                .expectNext("new")
                .verifyComplete();

        // when the quarantine has ended, and somebody fills the key with what the source had said before the write
        timer.advanceTimeBy(Duration.ofMillis(10));
        server.storeSilently("k", "old", LONG);
        tier.heal();
        timer.advanceTimeBy(LONGEST_WAIT);

        // then that is voided
        assertThat(server.isFree("k")).isTrue();
        assertPending(0);
    }

    @Test
    void noWayOutOfAWriteLosesItsEnd() {
        tier.fail(Op.END_WRITE, Op.INVALIDATE);

        cache.writeThrough("error", Mono.error(new IllegalStateException("refused, or was it?")))
                .onErrorComplete()
                .block();
        cache.writeThrough("empty", Mono.empty()).onErrorComplete().block();
        cache.writeThrough("cancelled", Mono.never()).subscribe().dispose();
        cache.deleteThrough("delete", Mono.empty()).onErrorComplete().block();
        Held end = tier.heal().hold(Op.END_WRITE);
        CompletableFuture<String> ending =
                cache.writeThrough("cancelled at the end", Mono.just("v")).toFuture();
        tier.fail(Op.END_WRITE, Op.INVALIDATE);
        ending.cancel(true);

        assertThat(end.isCancelled()).isTrue();
        assertPending(5);
    }

    @Test
    void aWriteThatTheSourceNeverSawLeavesNothingToBeRecovered() {
        tier.fail(Op.values());
        cache.writeThrough("refused", source.apply("refused")).onErrorComplete().block();
        tier.heal().hold(Op.BEGIN_WRITE);
        CompletableFuture<String> writing =
                cache.writeThrough("cancelled", source.apply("cancelled")).toFuture();
        tier.fail(Op.values());
        writing.cancel(true);

        assertThat(source.loads()).as("writes").isZero();
        assertPending(0);
    }

    @Test
    void aKeyThatCannotBeSpeltIsAnErrorAndNotKept() {
        ReactiveCache<String, String> mute = ReactiveCache.<String, String>builder("mute")
                .key(KeyCodec.of(
                        "mute",
                        key -> {
                            throw new IllegalArgumentException("no spelling");
                        },
                        text -> text))
                .value(new PickyCodec())
                .remote(tier)
                .build();

        StepVerifier.create(mute.invalidate("k")).verifyError(CodecException.class);

        assertThat(mute.health().recovery()).isEqualTo(RecoveryHealth.NOTHING_PENDING);
    }

    @Test
    void healthShowsWhatIsPendingAndForHowLong() {
        assertThat(cache.health().status()).isEqualTo(Status.UP);
        loseInvalidation("a");
        timer.advanceTimeBy(Duration.ofSeconds(3));
        loseInvalidation("b");
        timer.advanceTimeBy(Duration.ofSeconds(4));

        assertThat(cache.health().recovery()).isEqualTo(new RecoveryHealth(2, Duration.ofSeconds(7), false));
        assertThat(cache.health().status()).isEqualTo(Status.DEGRADED);
        tier.heal().back(false);
        assertThat(cache.health().status()).isEqualTo(Status.UP);
    }
}
