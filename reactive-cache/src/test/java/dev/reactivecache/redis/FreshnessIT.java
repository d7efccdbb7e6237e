package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Cached;
import dev.reactivecache.Cached.Freshness;
import dev.reactivecache.Loaded;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** G12 to G14 on a real Redis: old values within their windows, never void ones, and one load in the fleet. */
@ExtendWith(RedisServer.Shared.class)
@Timeout(60)
class FreshnessIT {
    private static final Duration TTL = Duration.ofMillis(200);

    private final RedisServer redis;
    private final String name = RedisServer.name();
    private final AtomicInteger loads = new AtomicInteger();
    private final AtomicReference<Function<String, Mono<String>>> source =
            new AtomicReference<>(key -> Mono.just("old"));
    private List<Node> nodes = List.of();

    FreshnessIT(RedisServer redis) {
        this.redis = redis;
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
    }

    private Mono<String> load(String key) {
        return Mono.defer(() -> {
            loads.incrementAndGet();
            return source.get().apply(key);
        });
    }

    private List<Node> fleet(int size) {
        nodes = Stream.generate(() -> Node.live(redis.uri(), name, FreshnessIT::settings))
                .limit(size)
                .toList();
        return nodes;
    }

    private static ReactiveCacheBuilder<String, String> settings(ReactiveCacheBuilder<String, String> builder) {
        return builder.ttl(TTL)
                .jitter(0)
                .staleWhileRevalidate(Duration.ofHours(1))
                .staleIfError(Duration.ofHours(2))
                .refreshBackoff(Duration.ofHours(1), Duration.ofHours(1));
    }

    private Cached<String> look(Node node) {
        return Node.get(node.cache.lookup("k", this::load));
    }

    private void awaitOld(Node node) {
        Await.until("the time to live has ended", () -> look(node).freshness() == Freshness.REVALIDATING);
    }

    @Test
    void aHotKeyIsLoadedOnceATtlByTheWholeFleetAndNobodyWaits() {
        List<Node> four = fleet(4);
        Node.get(four.get(0).cache.getOrFetch("k", this::load));
        source.set(key -> Mono.just("new").delayElement(Duration.ofMillis(50)));
        long begun = System.nanoTime();

        int waited = 0;
        for (int i = 0; System.nanoTime() - begun < 10 * TTL.toNanos(); i++) { // on a thread that no connection needs
            waited += look(four.get(i % 4)).origin() == Cached.Origin.LOADER ? 1 : 0;
        }

        long lives = (System.nanoTime() - begun) / TTL.toNanos() + 1;
        assertThat(waited).as("readers that waited for a load").isZero();
        assertThat((long) loads.get()).as("loads in %s lives", lives).isBetween(2L, lives + 1);
    }

    @Test
    void aFailureIsNotRepeatedByAnyNodeBeforeTheBackoffEnds() {
        List<Node> three = fleet(3);
        three.forEach(node -> Node.get(node.cache.getOrFetch("k", this::load)));
        source.set(key -> Mono.error(new IOException("away")));
        three.forEach(this::awaitOld);
        Await.until("it has been tried", () -> loads.get() == 2);

        for (int i = 0; i < 200; i++) {
            assertThat(look(three.get(i % 3)).value()).isEqualTo("old");
        }

        assertThat(loads).hasValue(2);
    }

    /** What voids a key. */
    enum ChangeOf {
        KEY(cache -> cache.invalidate("k")),
        TAG(cache -> cache.invalidateTag("t")),
        PREFIX(cache -> cache.invalidatePrefix("k").then()),
        ALL(ReactiveCache::clear),
        WRITE(cache -> cache.deleteThrough("k", Mono.just("deleted")));

        private final Function<ReactiveCache<String, String>, Mono<Void>> change;

        ChangeOf(Function<ReactiveCache<String, String>, Mono<Void>> change) {
            this.change = change;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasInvalidatedOnAnotherNodeIsNotGivenThoughTheSourceFails(ChangeOf change) {
        List<Node> two = fleet(2);
        Node reader = two.get(0);
        Node.get(reader.cache.getOrFetchLoaded(
                "k", key -> load(key).map(value -> Loaded.of(value).withTags("t"))));
        source.set(key -> Mono.error(new IOException("away")));
        awaitOld(reader);

        Node.get(change.change.apply(two.get(1).cache));

        Await.until(
                "the old value is gone",
                () -> Node.get(reader.cache
                        .getOrFetch("k", this::load)
                        .map(value -> false)
                        .onErrorReturn(IOException.class, true)));
    }

    @Test
    void whileRedisIsAwayNothingProvesAnOldValue() throws Exception {
        try (RedisProcess own = RedisProcess.start();
                Node node = Node.live(own.uri(), name, FreshnessIT::settings)) {
            Node.get(node.cache.getOrFetch("k", this::load));
            source.set(key -> Mono.error(new IOException("away")));
            awaitOld(node);

            own.kill();

            Await.until(
                    "readers get the loader's error",
                    () -> Node.get(node.cache
                            .getOrFetch("k", this::load)
                            .map(value -> false)
                            .onErrorReturn(IOException.class, true)));
        }
    }
}
