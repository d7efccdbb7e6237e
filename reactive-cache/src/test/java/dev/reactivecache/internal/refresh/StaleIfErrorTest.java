package dev.reactivecache.internal.refresh;

import static dev.reactivecache.internal.refresh.StaleNode.ERROR;
import static dev.reactivecache.internal.refresh.StaleNode.REST;
import static dev.reactivecache.internal.refresh.StaleNode.REVALIDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheHealth.Status;
import dev.reactivecache.Cached;
import dev.reactivecache.Cached.Freshness;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.internal.refresh.StaleNode.Where;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** A source that fails, or is slow, is covered up by a value whose time to live has ended, for a while. */
class StaleIfErrorTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static StaleNode beyondRevalidation(Where where) {
        return where.node().holding("old", REVALIDATE.plus(SECOND));
    }

    @ParameterizedTest
    @EnumSource
    void readersWaitForTheLoadAndGetTheStaleValueIfItFails(Where where) {
        StaleNode node = beyondRevalidation(where);
        List<CompletableFuture<Cached<String>>> readers =
                IntStream.range(0, 10).mapToObj(i -> node.lookup()).toList();
        assertThat(readers).allSatisfy(reader -> assertThat(reader).isNotDone());

        node.source.fail(0, new IOException("away"));

        assertThat(readers)
                .allSatisfy(reader -> assertThat(reader)
                        .isCompletedWithValueMatching(found -> "old".equals(found.value())
                                && found.freshness() == Freshness.STALE_ON_ERROR
                                && found.staleFor().equals(REVALIDATE.plus(SECOND))));
        assertThat(node.source.loads()).isEqualTo(1);
        assertThat(node.cache.stats().staleOnError()).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource
    void afterAFailureReadersAreAnsweredAtOnceUntilTheBackoffHasEnded(Where where) {
        StaleNode node = beyondRevalidation(where);
        node.read();
        node.source.fail(0, new IOException("away"));

        assertThat(node.lookup()).isCompletedWithValueMatching(found -> found.freshness() == Freshness.STALE_ON_ERROR);
        assertThat(node.source.loads()).isEqualTo(1);

        node.advance(REST);
        CompletableFuture<String> next = node.read();
        assertThat(next).isNotDone();
        node.source.answer(1, "new");
        assertThat(next).isCompletedWithValue("new");
    }

    @ParameterizedTest
    @EnumSource
    void theBackoffDoublesWithEachFailureAndASuccessEndsTheRow(Where where) {
        StaleNode node = beyondRevalidation(where);
        node.read();
        node.source.fail(0, new IOException("first"));
        node.advance(REST);
        node.read();
        node.source.fail(1, new IOException("second"));

        node.advance(REST.minus(Duration.ofMillis(1)));
        node.read();
        assertThat(node.source.loads()).as("within the doubled pause").isEqualTo(2);
        node.advance(REST.plus(Duration.ofMillis(1)));
        node.read();
        node.source.answer(2, "new");
        node.advance(StaleNode.TTL.plus(REVALIDATE));
        node.read();
        node.source.fail(3, new IOException("third"));
        node.advance(REST);
        node.read();
        assertThat(node.source.loads()).as("after a first failure again").isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void beyondTheWindowReadersGetTheErrorItself(Where where) {
        StaleNode node = where.node().holding("old", ERROR);
        CompletableFuture<String> reader = node.read();

        IOException failure = new IOException("away");
        node.source.fail(0, failure);

        assertThat(reader).failsWithin(Duration.ZERO).withThrowableThat().withCause(failure);
    }

    @ParameterizedTest
    @EnumSource
    void aLoadThatTakesTooLongIsAFailureLikeAnyOther(Where where) {
        StaleNode node = beyondRevalidation(where);
        CompletableFuture<String> reader = node.read();

        node.advance(Duration.ofSeconds(9));

        assertThat(reader).isCompletedWithValue("old");
    }

    @ParameterizedTest
    @EnumSource
    void aFailureThatIsNotCoveredReachesItsCallersAndWhatIsKeptGoes(Where where) {
        StaleNode node = where.node(builder -> builder.staleIfError(ERROR, failure -> failure instanceof IOException))
                .holding("old", REVALIDATE.plus(SECOND));
        CompletableFuture<String> reader = node.read();

        node.source.fail(0, new SecurityException("forbidden"));
        assertThat(reader).isCompletedExceptionally();

        CompletableFuture<String> next = node.read();
        node.source.fail(1, new IOException("away"));
        assertThat(next).as("the old value is gone").isCompletedExceptionally();
    }

    @ParameterizedTest
    @EnumSource
    void aRefreshWithAFailureThatIsNotCoveredTakesTheValueAway(Where where) {
        StaleNode node = where.node(builder -> builder.staleIfError(ERROR, failure -> failure instanceof IOException))
                .holding("old", SECOND);
        assertThat(node.read()).isCompletedWithValue("old");

        node.source.fail(0, new SecurityException("forbidden"));

        assertThat(node.read()).isNotDone();
    }

    @ParameterizedTest
    @EnumSource
    void aPredicateThatThrowsCoversNothing(Where where) {
        StaleNode node = where.node(builder -> builder.staleIfError(ERROR, failure -> {
                    throw new IllegalArgumentException("in the predicate");
                }))
                .holding("old", REVALIDATE.plus(SECOND));
        CompletableFuture<String> reader = node.read();
        IOException failure = new IOException("away");

        node.source.fail(0, failure);

        assertThat(reader).failsWithin(Duration.ZERO).withThrowableThat().withCause(failure);
        assertThat(failure.getSuppressed()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void afterTheSoftTimeoutReadersGetTheStaleValueAndTheLoadGoesOn(Where where) {
        StaleNode node = where.node(builder -> builder.softTimeout(Duration.ofMillis(300)))
                .holding("old", REVALIDATE.plus(SECOND));
        CompletableFuture<Cached<String>> first = node.lookup();
        node.advance(Duration.ofMillis(200));
        CompletableFuture<Cached<String>> second = node.lookup();
        assertThat(first).isNotDone();

        node.advance(Duration.ofMillis(100));

        assertThat(first)
                .isCompletedWithValueMatching(
                        found -> "old".equals(found.value()) && found.freshness() == Freshness.STALE_ON_TIMEOUT);
        assertThat(second).as("counted from its own beginning").isNotDone();
        node.advance(Duration.ofMillis(200));
        assertThat(second).isCompleted();
        assertThat(node.source.cancelled()).isZero();
        node.source.answer(0, "new");
        assertThat(node.read()).isCompletedWithValue("new");
        assertThat(node.source.loads()).isEqualTo(1);
        assertThat(node.cache.stats().staleOnTimeout()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aLoadWithinTheSoftTimeoutIsWhatItsReaderGets(Where where) {
        StaleNode node = where.node(builder -> builder.softTimeout(Duration.ofMillis(300)))
                .holding("old", REVALIDATE.plus(SECOND));
        CompletableFuture<String> reader = node.read();

        node.source.answer(0, "new");
        node.advance(SECOND);

        assertThat(reader).isCompletedWithValue("new");
        assertThat(node.cache.stats().staleOnTimeout()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void withNothingToGiveTheSoftTimeoutChangesNothing(Where where) {
        StaleNode node = where.node(builder -> builder.softTimeout(Duration.ofMillis(300)));
        CompletableFuture<String> reader = node.read();

        node.advance(SECOND);

        assertThat(reader).isNotDone();
        node.source.answer(0, "new");
        assertThat(reader).isCompletedWithValue("new");
    }

    @ParameterizedTest
    @EnumSource
    void aReaderWhoCancelsStillCancelsTheLoad(Where where) {
        StaleNode node = where.node(builder -> builder.softTimeout(Duration.ofMillis(300)))
                .holding("old", REVALIDATE.plus(SECOND));

        node.cache.getOrFetch("k", node.source).subscribe().dispose();

        assertThat(node.source.cancelled()).isEqualTo(1);
        CompletableFuture<String> next = node.read();
        node.source.fail(1, new IOException("away"));
        assertThat(next).as("and what it would have got is still there").isCompletedWithValue("old");
    }

    @ParameterizedTest
    @EnumSource
    void healthSaysThatTheSourceIsInTroubleUntilAMinuteAfterTheLastSuchAnswer(Where where) {
        StaleNode node = beyondRevalidation(where);
        assertThat(node.cache.health().status()).isEqualTo(Status.UP);
        node.read();
        node.source.fail(0, new IOException("away"));

        assertThat(node.cache.health().status()).isEqualTo(Status.DEGRADED);
        assertThat(node.cache.health().stale().cause()).contains("away");
        assertThat(node.cache.health().stale().oldest()).isEqualTo(REVALIDATE.plus(SECOND));

        node.advance(Duration.ofSeconds(61));
        assertThat(node.cache.health().status()).isEqualTo(Status.UP);
    }

    @ParameterizedTest
    @EnumSource
    void aMonoThatACallerGaveIsCoveredTooSinceItFailsInItsOwnRead(Where where) {
        StaleNode node = where.node().holding("old", SECOND);

        Mono<String> failing = Mono.error(new IOException("away"));

        assertThat(node.cache.getOrFetch("k", failing).block()).isEqualTo("old");
    }

    @ParameterizedTest
    @EnumSource
    void anErrorOfTheJvmIsNeverCovered(Where where) {
        StaleNode node = beyondRevalidation(where);
        CompletableFuture<String> reader = node.read();

        node.source.fail(0, new AssertionError("a bug"));

        assertThat(reader).isCompletedExceptionally();
    }

    @ParameterizedTest
    @EnumSource
    void aReadWithoutALoaderGetsNothingBeyondRevalidation(Where where) {
        HeldSource own = new HeldSource();
        StaleNode node = where.node(builder -> builder.loader(own)).holding("old", REVALIDATE.plus(SECOND));

        assertThat(node.cache.get("k").toFuture()).isCompletedWithValue(null);
        assertThat(node.cache.peek("k").toFuture()).isCompletedWithValue(null);
    }
}
