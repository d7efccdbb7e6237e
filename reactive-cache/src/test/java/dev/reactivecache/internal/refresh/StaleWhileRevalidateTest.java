package dev.reactivecache.internal.refresh;

import static dev.reactivecache.internal.refresh.StaleNode.ERROR;
import static dev.reactivecache.internal.refresh.StaleNode.REST;
import static dev.reactivecache.internal.refresh.StaleNode.REVALIDATE;
import static dev.reactivecache.internal.refresh.StaleNode.TTL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Cached;
import dev.reactivecache.Cached.Freshness;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.EntryOptions;
import dev.reactivecache.Loaded;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.internal.refresh.StaleNode.Where;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/** After its time to live a value is answered at once, and loaded anew by one that nobody waits for. */
class StaleWhileRevalidateTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @EnumSource
    void manyReadersGetTheStaleValueAtOnceAndOneLoadRuns(Where where) {
        StaleNode node = where.node().holding("old", SECOND);

        List<CompletableFuture<String>> readers =
                IntStream.range(0, 100).mapToObj(i -> node.read()).toList();

        assertThat(readers).allSatisfy(reader -> assertThat(reader).isCompletedWithValue("old"));
        assertThat(node.source.loads()).isEqualTo(1);

        node.source.answer(0, "new");

        assertThat(node.read()).isCompletedWithValue("new");
        assertThat(node.source.loads()).as("nothing more is loaded").isEqualTo(1);
        assertThat(node.cache.stats().staleRevalidating()).isEqualTo(100);
        assertThat(node.cache.stats().refreshes()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aLookupSaysThatItIsStaleAndSinceWhen(Where where) {
        StaleNode node = where.node().holding("old", SECOND);

        assertThat(node.lookup())
                .isCompletedWithValue(new Cached<>(
                        "old", Origin.LOCAL, TTL.plus(SECOND), Duration.ZERO, Freshness.REVALIDATING, SECOND));
        node.source.answer(0, "new");
        assertThat(node.lookup())
                .isCompletedWithValueMatching(found ->
                        found.freshness() == Freshness.FRESH && found.staleFor().isZero());
    }

    @ParameterizedTest
    @EnumSource
    void whenTheWindowHasEndedReadersWait(Where where) {
        StaleNode node =
                where.node(builder -> builder.staleIfError(Duration.ZERO)).holding("old", REVALIDATE);

        CompletableFuture<String> reader = node.read();

        assertThat(reader).isNotDone();
        node.source.answer(0, "new");
        assertThat(reader).isCompletedWithValue("new");
    }

    @ParameterizedTest
    @EnumSource
    void aReaderWhoComesWhenTheWindowHasEndedWaitsForTheLoadUnderWay(Where where) {
        StaleNode node = where.node().holding("old", REVALIDATE.minus(SECOND));
        assertThat(node.read()).isCompletedWithValue("old");
        node.advance(SECOND);

        CompletableFuture<String> late = node.read();

        assertThat(late).isNotDone();
        node.source.answer(0, "new");
        assertThat(late).isCompletedWithValue("new");
        assertThat(node.source.loads()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aRefreshThatFailsIsNotTriedAgainBeforeTheBackoffHasEnded(Where where) {
        StaleNode node = where.node().holding("old", SECOND);
        node.read();
        node.source.fail(0, new IllegalStateException("away"));

        assertThat(node.read()).isCompletedWithValue("old");
        assertThat(node.source.loads()).isEqualTo(1);

        node.advance(REST);
        assertThat(node.read()).isCompletedWithValue("old");
        assertThat(node.source.loads()).isEqualTo(2);
        assertThat(node.cache.stats().refreshFailures()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aRefreshThatHangsEndsByTheLoadTimeoutAndIsTriedAgain(Where where) {
        StaleNode node = where.node().holding("old", SECOND);
        node.read();

        node.advance(Duration.ofSeconds(9));
        assertThat(node.source.cancelled()).isEqualTo(1);
        node.advance(REST);

        assertThat(node.read()).isCompletedWithValue("old");
        assertThat(node.source.loads()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aSourceThatHasNoValueAnyMoreEndsIt(Where where) {
        StaleNode node = where.node().holding("old", SECOND);
        node.read();

        node.source.answerNothing(0);

        assertThat(node.read()).isNotDone();
        assertThat(node.source.loads()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aValueThatMustNotBeStoredEndsIt(Where where) {
        StaleNode node = where.node().holding("old", SECOND);
        node.cache
                .getOrFetchLoaded("k", key -> Mono.just(Loaded.of("secret").notStored()))
                .block();

        assertThat(node.read()).isNotDone();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsKnownToBeAbsentIsNeverStale(Where where) {
        StaleNode node = where.node(builder -> builder.absentTtl(TTL));
        node.cache.getOrFetch("k", Mono.empty()).block();
        node.advance(TTL.plus(SECOND));

        assertThat(node.read()).isNotDone();
    }

    @ParameterizedTest
    @EnumSource
    void anEntryMayHaveAWindowOfItsOwn(Where where) {
        StaleNode node = where.node(
                builder -> builder.staleWhileRevalidate(Duration.ZERO).staleIfError(Duration.ZERO));
        EntryOptions own = EntryOptions.defaults().withStaleWhileRevalidate(REVALIDATE);
        node.cache
                .getOrFetchLoaded("k", key -> Mono.just(Loaded.of("old").with(own)))
                .block();
        node.advance(TTL.plus(SECOND));

        assertThat(node.read()).isCompletedWithValue("old");
        assertThat(node.source.loads()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aValueThatWasPutHasTheWindowToo(Where where) {
        StaleNode node = where.node();
        node.cache.put("k", "old").block();
        node.advance(TTL.plus(SECOND));

        assertThat(node.read()).isCompletedWithValue("old");
        node.source.answer(0, "new");
        assertThat(node.read()).isCompletedWithValue("new");
    }

    @ParameterizedTest
    @EnumSource
    void noMoreAreUnderWayThanTheBulkheadLets(Where where) {
        StaleNode node = where.node(builder -> builder.refreshBulkhead(2));
        List<String> keys = List.of("a", "b", "c");
        keys.forEach(key -> node.cache.getOrFetch(key, Mono.just(key)).block());
        node.advance(TTL.plus(SECOND));

        keys.forEach(key ->
                assertThat(node.cache.getOrFetch(key, node.source).toFuture()).isCompletedWithValue(key));

        assertThat(node.source.loads()).isEqualTo(2);
        assertThat(node.cache.stats().skippedRefreshes()).isEqualTo(1);
        node.source.answer(0, "new");
        node.cache.getOrFetch("c", node.source).block();
        assertThat(node.source.loads()).as("when one has ended").isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void closingGivesUpWhatIsUnderWay(Where where) {
        StaleNode node = where.node().holding("old", SECOND);
        node.read();

        node.cache.close().block();

        assertThat(node.source.cancelled()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void theReaderWhoBeganItMayLeave(Where where) {
        StaleNode node = where.node().holding("old", SECOND);
        node.cache.getOrFetch("k", node.source).subscribe().dispose();

        assertThat(node.source.cancelled()).isZero();
        node.source.answer(0, "new");
        assertThat(node.read()).isCompletedWithValue("new");
    }

    @ParameterizedTest
    @EnumSource
    void aMonoThatACallerGaveIsNotSubscribedToAfterItsRead(Where where) {
        StaleNode node = where.node().holding("old", SECOND);

        Sinks.One<String> given = Sinks.one();
        CompletableFuture<String> reader =
                node.cache.getOrFetch("k", given.asMono()).toFuture();

        assertThat(reader).as("it waits for its own load").isNotDone();
        given.tryEmitValue("new");
        assertThat(reader).isCompletedWithValue("new");
    }

    @ParameterizedTest
    @EnumSource
    void whereTheCacheHasALoaderThatRefreshesForSuchAMono(Where where) {
        HeldSource own = new HeldSource();
        StaleNode node = where.node(builder -> builder.loader(own)).holding("old", SECOND);

        assertThat(node.cache.getOrFetch("k", Mono.never()).toFuture()).isCompletedWithValue("old");

        assertThat(own.loads()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aReadWithoutALoaderGetsItToo(Where where) {
        HeldSource own = new HeldSource();
        StaleNode node = where.node(builder -> builder.loader(own)).holding("old", SECOND);

        assertThat(node.cache.get("k").toFuture()).isCompletedWithValue("old");

        assertThat(own.loads()).as("and has the cache's loader begin").isEqualTo(1);
        node.advance(REVALIDATE);
        assertThat(node.cache.get("k").toFuture()).as("beyond the window").isCompletedWithValue(null);
    }

    @ParameterizedTest
    @EnumSource
    void aLookThatIsToChangeNothingHasNothingLoaded(Where where) {
        HeldSource own = new HeldSource();
        StaleNode node = where.node(builder -> builder.loader(own)).holding("old", SECOND);

        assertThat(node.cache.peek("k").toFuture())
                .isCompletedWithValueMatching(found -> found.freshness() == Freshness.REVALIDATING);

        assertThat(own.loads()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void theRefreshSeesOnlyWhatItIsGivenOfTheReadersContext(Where where) {
        AtomicReference<Context> seen = new AtomicReference<>();
        StaleNode node = where.node(
                        builder -> builder.refreshContext(reader -> Context.of("tenant", reader.get("tenant"))))
                .holding("old", SECOND);

        node.cache
                .getOrFetch(
                        "k",
                        key -> Mono.deferContextual(context -> {
                            seen.set(Context.of(context));
                            return Mono.just("new");
                        }))
                .contextWrite(Context.of("tenant", "blue", "exchange", "request"))
                .block();

        assertThat(seen.get().<String>get("tenant")).isEqualTo("blue");
        assertThat(seen.get().hasKey("exchange")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void staleKeysOfABulkReadAreAnsweredAtOnceAndLoadedAnewByOneCall(Where where) {
        List<Set<String>> calls = new CopyOnWriteArrayList<>();
        StaleNode node = where.node();
        Set<String> keys = Set.of("a", "b", "c");
        keys.forEach(key -> node.cache.getOrFetch(key, Mono.just(key)).block());
        node.advance(TTL.plus(SECOND));

        Map<String, String> found = node.cache
                .getOrFetchAll(keys, missing -> {
                    calls.add(missing);
                    return Mono.just(Map.of("a", "A", "b", "B", "c", "C"));
                })
                .block();
        node.advance(Duration.ofMillis(10));

        assertThat(found).containsEntry("a", "a").containsEntry("b", "b").containsEntry("c", "c");
        assertThat(calls).containsExactly(keys);
        assertThat(node.cache.get("b").block()).isEqualTo("B");
    }

    @ParameterizedTest
    @EnumSource
    void earlyRefreshLoadsBeforeTheEndAndReadersKeepGettingFreshValues(Where where) {
        StaleNode node = where.node(builder ->
                builder.earlyRefresh(1).staleWhileRevalidate(Duration.ZERO).staleIfError(Duration.ZERO));
        CompletableFuture<String> first = node.read();
        node.advance(SECOND);
        node.source.answer(0, "0"); // took a second
        assertThat(first).isCompletedWithValue("0");

        int begunAfter = 0;
        for (int tenths = 0; tenths < 100 && node.source.loads() == 1; tenths++) {
            assertThat(node.lookup()).isCompletedWithValueMatching(found -> found.freshness() == Freshness.FRESH);
            node.advance(Duration.ofMillis(100));
            begunAfter = tenths;
        }

        assertThat(node.source.loads()).isEqualTo(2);
        assertThat(begunAfter).as("not in the first half of its life").isGreaterThanOrEqualTo(49);
        node.source.answer(1, "1");
        assertThat(node.read()).isCompletedWithValue("1");
    }

    @ParameterizedTest
    @EnumSource
    void beyondEveryWindowItIsAMissLikeAnyOther(Where where) {
        StaleNode node = where.node().holding("old", ERROR);

        CompletableFuture<String> reader = node.read();

        assertThat(reader).isNotDone();
        node.source.fail(0, new IllegalStateException("away"));
        assertThat(reader).isCompletedExceptionally();
    }
}
