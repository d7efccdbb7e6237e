package dev.reactivecache.internal.refresh;

import static dev.reactivecache.internal.refresh.StaleNode.REVALIDATE;
import static dev.reactivecache.internal.refresh.StaleNode.TTL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.Loaded;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * What was invalidated is not answered, however old values are answered otherwise: every kind of change, here and on
 * another node, at every point of a refresh and of a load that fails or is slow.
 */
class OldNeverVoidTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SOFT = Duration.ofMillis(300);

    /** How a key may be changed. */
    enum ChangeOf {
        KEY(cache -> cache.invalidate("k")),
        TAG(cache -> cache.invalidateTag("t")),
        PREFIX(cache -> cache.invalidatePrefix("k").then()),
        ALL(ReactiveCache::clear),
        MANY(cache -> cache.invalidateAll(List.of("k"))),
        DELETE(cache -> cache.deleteThrough("k", Mono.just("deleted")));

        private final Function<ReactiveCache<String, String>, Mono<Void>> change;

        ChangeOf(Function<ReactiveCache<String, String>, Mono<Void>> change) {
            this.change = change;
        }

        void on(StaleNode node) {
            change.apply(node.cache).block();
        }
    }

    /** Which cache, and who changes it. */
    enum By {
        MEMORY_ITSELF,
        THIS_NODE,
        ANOTHER_NODE
    }

    private static Stream<Arguments> changes() {
        return Stream.of(By.values())
                .flatMap(by -> Stream.of(ChangeOf.values()).map(change -> Arguments.of(by, change)));
    }

    /** A node with a stale value, and the one that changes it. */
    private record Pair(StaleNode node, StaleNode changer) {
        static Pair of(By by) {
            if (by == By.MEMORY_ITSELF) {
                StaleNode alone = StaleNode.inMemory(builder -> builder.softTimeout(SOFT));
                return new Pair(alone, alone);
            }
            VirtualTimeScheduler timer = VirtualTimeScheduler.create();
            FakeServer server = new FakeServer(timer);
            StaleNode node = StaleNode.on(server, timer, builder -> builder.softTimeout(SOFT));
            return new Pair(node, by == By.THIS_NODE ? node : StaleNode.on(server, timer, builder -> builder));
        }

        Pair holding(Duration staleFor) {
            EntryOptions tagged = EntryOptions.defaults().withTags("t");
            node.cache
                    .getOrFetchLoaded("k", key -> Mono.just(Loaded.of("old").with(tagged)))
                    .block();
            node.advance(TTL.plus(staleFor));
            return this;
        }
    }

    /** A reader whose load brings what has the tag, too. */
    private static CompletableFuture<String> read(StaleNode node) {
        return node.cache
                .getOrFetchLoaded(
                        "k",
                        key -> node.source
                                .apply(key)
                                .map(value -> Loaded.of(value).withTags("t")))
                .toFuture();
    }

    private static void failAllAndExpectTheError(StaleNode node, CompletableFuture<String> reader, int load) {
        assertThat(reader).isNotDone();
        node.source.fail(load, new IOException("away"));
        assertThat(reader).as("nothing is left to cover the failure with").isCompletedExceptionally();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void beforeARefresh(By by, ChangeOf change) {
        Pair pair = Pair.of(by).holding(SECOND);

        change.on(pair.changer());

        failAllAndExpectTheError(pair.node(), read(pair.node()), 0);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void duringARefresh(By by, ChangeOf change) {
        Pair pair = Pair.of(by).holding(SECOND);
        StaleNode node = pair.node();
        assertThat(read(node)).isCompletedWithValue("old");

        change.on(pair.changer());
        CompletableFuture<String> after = read(node);
        node.source.answer(0, "loaded before the change");

        failAllAndExpectTheError(node, after, 1);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void duringARefreshThatFails(By by, ChangeOf change) {
        Pair pair = Pair.of(by).holding(SECOND);
        StaleNode node = pair.node();
        assertThat(read(node)).isCompletedWithValue("old");

        change.on(pair.changer());
        node.source.fail(0, new IOException("away"));

        failAllAndExpectTheError(node, read(node), 1);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void duringALoadThatFails(By by, ChangeOf change) {
        Pair pair = Pair.of(by).holding(REVALIDATE.plus(SECOND));
        StaleNode node = pair.node();
        CompletableFuture<String> reader = read(node);

        change.on(pair.changer());

        failAllAndExpectTheError(node, reader, 0);
        failAllAndExpectTheError(node, read(node), 1);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void duringALoadThatIsSlow(By by, ChangeOf change) {
        Pair pair = Pair.of(by).holding(REVALIDATE.plus(SECOND));
        StaleNode node = pair.node();
        CompletableFuture<String> reader = read(node);

        change.on(pair.changer());
        node.advance(SOFT);

        assertThat(reader).as("nothing is left to give at the soft timeout").isNotDone();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void whileItRestsAfterAFailure(By by, ChangeOf change) {
        Pair pair = Pair.of(by).holding(REVALIDATE.plus(SECOND));
        StaleNode node = pair.node();
        read(node);
        node.source.fail(0, new IOException("away"));
        assertThat(read(node)).isCompletedWithValue("old");

        change.on(pair.changer());

        failAllAndExpectTheError(node, read(node), 1);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void afterARefresh(By by, ChangeOf change) {
        Pair pair = Pair.of(by).holding(SECOND);
        StaleNode node = pair.node();
        node.cache
                .getOrFetchLoaded("k", key -> Mono.just(Loaded.of("new").withTags("t")))
                .block();
        assertThat(read(node)).isCompletedWithValue("new");

        change.on(pair.changer());

        failAllAndExpectTheError(node, read(node), 0);
    }

    @ParameterizedTest
    @EnumSource(ChangeOf.class)
    void whileANodeReadsItFromTheTier(ChangeOf change) {
        Pair pair = Pair.of(By.ANOTHER_NODE).holding(SECOND);
        StaleNode cold = pair.changer();
        Held asked = cold.tier.hold(Op.READ);
        CompletableFuture<String> reader = read(cold);
        asked.arrive();

        change.on(cold);
        asked.reply();

        assertThat(reader).as("the answer is from before the change").isNotDone();
        assertThat(cold.source.loads()).isEqualTo(1);
    }
}
