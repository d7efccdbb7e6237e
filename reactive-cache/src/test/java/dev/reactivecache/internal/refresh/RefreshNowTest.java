package dev.reactivecache.internal.refresh;

import static dev.reactivecache.internal.refresh.StaleNode.REVALIDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.internal.refresh.StaleNode.Where;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The application has a key loaded anew, whatever its age. */
class RefreshNowTest {
    private final HeldSource own = new HeldSource();

    private StaleNode holding(Where where, Duration age) {
        StaleNode node = where.node(builder -> builder.loader(own));
        node.cache.getOrFetch("k", Mono.just("old")).block();
        node.advance(age);
        return node;
    }

    @ParameterizedTest
    @EnumSource
    void othersAreAnsweredWithTheOldValueUntilTheNewOneIsThere(Where where) {
        StaleNode node = holding(where, Duration.ofSeconds(1));

        CompletableFuture<String> anew = node.cache.refresh("k").toFuture();

        assertThat(anew).isNotDone();
        assertThat(node.cache.getOrFetch("k").toFuture()).isCompletedWithValue("old");
        own.answer(0, "new");
        assertThat(anew).isCompletedWithValue("new");
        assertThat(node.cache.getOrFetch("k").toFuture()).isCompletedWithValue("new");
        assertThat(own.loads()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void itIsDoneAlthoughARefreshHasJustFailed(Where where) {
        StaleNode node = holding(where, Duration.ofSeconds(11));
        node.cache.getOrFetch("k").block();
        own.fail(0, new IOException("away"));

        CompletableFuture<String> anew = node.cache.refresh("k").toFuture();
        own.answer(1, "new");

        assertThat(anew).isCompletedWithValue("new");
    }

    @ParameterizedTest
    @EnumSource
    void itsFailureReachesWhoAskedAndNobodyElse(Where where) {
        StaleNode node = holding(where, Duration.ofSeconds(1));
        CompletableFuture<String> anew = node.cache.refresh("k").toFuture();

        own.fail(0, new IOException("away"));

        assertThat(anew).isCompletedExceptionally();
        assertThat(node.cache.getOrFetch("k").toFuture()).isCompletedWithValue("old");
    }

    @ParameterizedTest
    @EnumSource
    void anInvalidationMeanwhileWins(Where where) {
        StaleNode node = holding(where, Duration.ofSeconds(1));
        CompletableFuture<String> anew = node.cache.refresh("k").toFuture();

        node.cache.invalidate("k").block();
        own.answer(0, "loaded before the change");

        assertThat(anew).isCompletedWithValue("loaded before the change");
        assertThat(node.cache.getOrFetch("k").toFuture())
                .as("it is kept nowhere")
                .isNotDone();
    }

    @ParameterizedTest
    @EnumSource
    void whoLeavesLeavesItRunning(Where where) {
        StaleNode node = holding(where, Duration.ofSeconds(1));
        node.cache.refresh("k").subscribe().dispose();

        own.answer(0, "new");

        assertThat(node.cache.getOrFetch("k").toFuture()).isCompletedWithValue("new");
    }

    @ParameterizedTest
    @EnumSource
    void aSourceWithoutAValueAnyMoreEndsEmptyAndTheOldValueGoes(Where where) {
        StaleNode node = holding(where, Duration.ofSeconds(1));
        CompletableFuture<String> anew = node.cache.refresh("k").toFuture();

        own.answerNothing(0);

        assertThat(anew).isCompletedWithValue(null);
        assertThat(own.loads()).isEqualTo(1);
        assertThat(node.cache.getOrFetch("k").toFuture()).isNotDone();
    }

    @ParameterizedTest
    @EnumSource
    void whereNothingIsCachedItIsAnOrdinaryRead(Where where) {
        StaleNode node = where.node(builder -> builder.loader(own));
        CompletableFuture<String> anew = node.cache.refresh("k").toFuture();

        own.answer(0, "new");

        assertThat(anew).isCompletedWithValue("new");
        assertThat(node.cache.getOrFetch("k").toFuture()).isCompletedWithValue("new");
    }

    @Test
    void otherNodesGetWhatItBrings() {
        VirtualTimeScheduler timer = VirtualTimeScheduler.create();
        FakeServer server = new FakeServer(timer);
        StaleNode first = StaleNode.on(server, timer, builder -> builder.loader(own));
        first.cache.getOrFetch("k", Mono.just("old")).block();
        StaleNode second = StaleNode.on(server, timer, builder -> builder);
        assertThat(second.read()).isCompletedWithValue("old");
        StaleNode third = StaleNode.on(server, timer, builder -> builder.loader(own));

        third.cache.refresh("k").subscribe();
        assertThat(second.read()).isCompletedWithValue("old");
        own.answer(0, "new");

        assertThat(second.read()).isCompletedWithValue("new");
        assertThat(first.read()).isCompletedWithValue("new");
        assertThat(second.source.loads() + first.source.loads()).isZero();
    }

    @Test
    void withoutALoaderItIsRefusedWhereItIsAskedFor() {
        StaleNode node = StaleNode.inMemory(builder -> builder).holding("old", REVALIDATE);

        assertThatThrownBy(() -> node.cache.refresh("k"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was built without a loader");
    }
}
