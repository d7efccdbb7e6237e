package dev.reactivecache.internal.refresh;

import static dev.reactivecache.internal.refresh.StaleNode.ERROR;
import static dev.reactivecache.internal.refresh.StaleNode.REST;
import static dev.reactivecache.internal.refresh.StaleNode.REVALIDATE;
import static dev.reactivecache.internal.refresh.StaleNode.TTL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheMode;
import dev.reactivecache.Cached;
import dev.reactivecache.Cached.Freshness;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.Coalescing;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.remote.Epoch;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Many nodes with one remote tier: one of them loads a stale key anew, and none gives what is void. */
class FleetRefreshTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);

    private StaleNode node(UnaryOperator<ReactiveCacheBuilder<String, String>> more) {
        return StaleNode.on(server, timer, more);
    }

    private StaleNode node() {
        return node(builder -> builder);
    }

    /** A node that waits for the loads of others. */
    private StaleNode waiting() {
        return node(builder -> builder.coalescing(Coalescing.CLUSTER));
    }

    /** A first node, which has loaded. */
    private static StaleNode loading(StaleNode first) {
        first.cache.getOrFetch("k", Mono.just("old")).block();
        return first;
    }

    /** A second node, which has read what the first one holds. */
    private static StaleNode reading(StaleNode other) {
        assertThat(other.read()).isCompletedWithValue("old");
        return other;
    }

    @Test
    void oneNodeRefreshesTheOthersGoOnAndGetTheNewValueWithoutALoad() {
        StaleNode first = loading(node());
        StaleNode second = reading(node());
        first.advance(TTL.plus(SECOND));

        assertThat(first.read()).isCompletedWithValue("old");
        assertThat(second.read()).isCompletedWithValue("old");
        assertThat(second.read()).isCompletedWithValue("old");
        assertThat(second.tier.sent(Op.REFRESH))
                .as("it asks once while another loads")
                .isEqualTo(1);

        first.source.answer(0, "new");

        assertThat(second.read()).isCompletedWithValue("new");
        assertThat(second.source.loads()).isZero();
    }

    @Test
    void aNodeWithNothingInMemoryIsAnsweredInOneRoundTrip() {
        node().holding("old", SECOND);
        StaleNode cold = node();

        CompletableFuture<String> reader = cold.read();

        assertThat(reader).isCompletedWithValue("old");
        assertThat(cold.tier.sent()).startsWith(Op.READ).endsWith(Op.REFRESH);
        assertThat(cold.source.loads()).isEqualTo(1);
    }

    @Test
    void whatFailedOnOneNodeIsNotTriedByAnotherBeforeTheBackoffHasEnded() {
        StaleNode first = loading(node());
        StaleNode second = reading(node());
        first.advance(TTL.plus(SECOND));
        first.read();
        first.source.fail(0, new IOException("away"));

        assertThat(second.read()).isCompletedWithValue("old");
        assertThat(second.source.loads()).isZero();

        second.advance(REST);
        assertThat(second.read()).isCompletedWithValue("old");
        assertThat(second.source.loads()).isEqualTo(1);
    }

    @Test
    void beyondRevalidationAnotherNodesFailureIsAnsweredForAtOnceToo() {
        StaleNode first = loading(node());
        first.advance(TTL.plus(REVALIDATE).plus(SECOND));
        first.read();
        first.source.fail(0, new IOException("away"));
        StaleNode second = node();

        assertThat(second.lookup())
                .isCompletedWithValueMatching(found -> found.freshness() == Freshness.STALE_ON_ERROR);
        assertThat(second.source.loads()).isZero();
    }

    @Test
    void aNodeThatDidNotHearOfARefreshFindsOutByItsOwnQuestion() {
        StaleNode first = loading(node());
        StaleNode second = reading(node());
        first.advance(TTL.plus(SECOND));
        second.tier.holdEvents();
        first.read();
        first.source.answer(0, "new");

        assertThat(second.read()).isCompletedWithValue("old");

        assertThat(second.read()).isCompletedWithValue("new");
        assertThat(second.source.loads()).isZero();
    }

    @Test
    void aReaderBeyondRevalidationWaitsForTheNodeThatLoads() {
        StaleNode first = loading(waiting());
        StaleNode second = reading(waiting());
        first.advance(TTL.plus(REVALIDATE).plus(SECOND));
        first.read();

        CompletableFuture<String> reader = second.read();
        assertThat(reader).isNotDone();
        first.source.answer(0, "new");

        assertThat(reader).isCompletedWithValue("new");
        assertThat(second.source.loads()).isZero();
    }

    @Test
    void andIsWokenWhenThatLoadFails() {
        StaleNode first = loading(waiting());
        StaleNode second = reading(waiting());
        first.advance(TTL.plus(REVALIDATE).plus(SECOND));
        first.read();
        CompletableFuture<String> reader = second.read();

        first.source.fail(0, new IOException("away"));

        assertThat(reader).isCompletedWithValue("old");
        assertThat(second.source.loads()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"VALIDATED", "REMOTE_ONLY", "BOUNDED", "AVAILABLE"})
    void everyModeWithATierAnswersStaleAndRefreshes(CacheMode mode) {
        StaleNode node = node(builder -> builder.mode(mode)).holding("old", SECOND);

        assertThat(node.lookup()).isCompletedWithValueMatching(found -> found.freshness() == Freshness.REVALIDATING);
        assertThat(node.source.loads()).isEqualTo(1);
        node.source.answer(0, "new");

        assertThat(node.lookup()).isCompletedWithValueMatching(found -> "new".equals(found.value()));
    }

    @ParameterizedTest
    @EnumSource(names = {"VALIDATED", "REMOTE_ONLY", "BOUNDED", "AVAILABLE"})
    void everyModeWithATierCoversAFailureAndKnowsTheBackoff(CacheMode mode) {
        StaleNode node = node(builder -> builder.mode(mode)).holding("old", REVALIDATE.plus(SECOND));
        CompletableFuture<String> reader = node.read();
        node.source.fail(0, new IOException("away"));

        assertThat(reader).isCompletedWithValue("old");
        assertThat(node.read()).isCompletedWithValue("old");
        assertThat(node.source.loads()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"VALIDATED", "REMOTE_ONLY", "BOUNDED", "AVAILABLE"})
    void everyModeWithATierKeepsTheSoftTimeout(CacheMode mode) {
        StaleNode node = node(builder -> builder.mode(mode).softTimeout(Duration.ofMillis(300)))
                .holding("old", REVALIDATE.plus(SECOND));
        CompletableFuture<String> reader = node.read();

        node.advance(Duration.ofMillis(300));

        assertThat(reader).isCompletedWithValue("old");
        node.source.answer(0, "new");
        assertThat(node.read()).isCompletedWithValue("new");
    }

    @Test
    void aCacheOfThisNodeAloneHasTheSameWindows() {
        StaleNode node = node(builder -> builder.mode(CacheMode.LOCAL_ONLY)).holding("old", SECOND);

        assertThat(node.read()).isCompletedWithValue("old");
        node.source.fail(0, new IOException("away"));
        assertThat(node.read()).isCompletedWithValue("old");
        node.advance(REVALIDATE);
        CompletableFuture<String> late = node.read();
        node.source.fail(1, new IOException("away"));
        assertThat(late).isCompletedWithValue("old");
        assertThat(node.tier.sent()).doesNotContain(Op.READ, Op.REFRESH, Op.LEASE);
    }

    @Test
    void withoutTheTierNothingProvesAStaleCopySoItsReadersGetTheError() {
        StaleNode node = node().holding("old", REVALIDATE.plus(SECOND));
        node.tier.gap("away", Epoch.none());
        node.tier.fail(Op.values());

        CompletableFuture<String> reader = node.read();
        node.source.fail(0, new IOException("away"));

        assertThat(reader).isCompletedExceptionally();
    }

    @Test
    void exceptWhereTheUserChoseSo() {
        StaleNode node = node(builder -> builder.mode(CacheMode.AVAILABLE)
                        .local(LocalTier.maximumSize(10).withTtl(ERROR)))
                .holding("old", REVALIDATE.plus(SECOND));
        node.tier.gap("away", Epoch.none());
        node.tier.fail(Op.values());

        CompletableFuture<Cached<String>> reader = node.lookup();
        assertThat(reader).isNotDone();
        node.source.fail(0, new IOException("away"));

        assertThat(reader)
                .isCompletedWithValueMatching(
                        found -> "old".equals(found.value()) && found.origin() == Origin.LOCAL_UNCHECKED);
    }

    @Test
    void aRefreshWhoseFillTheTierRefusesForWantOfRoomLeavesTheOldValueAndRests() {
        StaleNode node = node().holding("old", SECOND);
        assertThat(node.read()).isCompletedWithValue("old");
        node.tier.fail(Op.FILL);
        node.source.answer(0, "new");

        assertThat(node.read()).isCompletedWithValue("old");
        assertThat(node.source.loads()).isEqualTo(1);
    }

    @Test
    void aTierThatDidNotAnswerIsAskedAgainSoonHoweverLongFailuresOfTheSourceRest() {
        StaleNode node = node(builder -> builder.refreshBackoff(Duration.ofHours(1), Duration.ofHours(1)))
                .holding("old", SECOND);
        node.tier.fail(Op.REFRESH);
        assertThat(node.read()).isCompletedWithValue("old");
        node.tier.heal();

        assertThat(node.read()).isCompletedWithValue("old");
        assertThat(node.source.loads()).as("not at each read").isZero();
        node.advance(SECOND);
        assertThat(node.read()).isCompletedWithValue("old");
        assertThat(node.source.loads()).isEqualTo(1);
    }

    @Test
    void closingGivesTheRightBackSoThatAnotherNodeMayRefresh() {
        StaleNode first = loading(node());
        StaleNode second = reading(node());
        first.advance(TTL.plus(SECOND));
        first.read();

        first.cache.close().block();

        assertThat(second.read()).isCompletedWithValue("old");
        assertThat(second.source.loads()).isEqualTo(1);
    }

    @Test
    void beyondEveryWindowTheTierHasNothing() {
        node().holding("old", ERROR);

        assertThat(server.stored("k")).isNull();
    }
}
