package dev.reactivecache.benchmarks;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reactivecache.Coalescing;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.redis.RedisTier;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Many callers on several nodes want one key that nobody has, and the source takes 100 milliseconds. How often is it asked,
 * and how long do callers wait? The nodes have connections of their own, and are in one process.
 */
final class Stampede implements Section {
    private static final int NODES = 4;
    private static final Duration SOURCE_TAKES = Duration.ofMillis(100);

    private final AtomicInteger loads = new AtomicInteger();

    @Override
    public String name() {
        return "stampede";
    }

    @Override
    public String title() {
        return "Many callers of one cold key, on " + NODES + " nodes";
    }

    private Mono<String> load() {
        return Mono.defer(() -> {
            loads.incrementAndGet();
            return Mono.delay(SOURCE_TAKES).thenReturn("value");
        });
    }

    @Override
    public List<Figure> measure(Effort effort) throws IOException {
        List<Figure> figures = new ArrayList<>();
        try (LocalRedis redis = LocalRedis.start()) {
            for (int callers : new int[] {1_000, 10_000}) {
                figures.addAll(ours(redis, callers, effort, Coalescing.CLUSTER, Figure.OURS));
                figures.addAll(ours(redis, callers, effort, Coalescing.LOCAL, "Reactive Cache, coalescing LOCAL"));
                figures.addAll(cacheAside(redis, callers, effort));
            }
        }
        return figures;
    }

    private List<Figure> ours(LocalRedis redis, int callers, Effort effort, Coalescing coalescing, String name) {
        List<RedisTier> tiers = IntStream.range(0, NODES)
                .mapToObj(node -> RedisTier.connect(redis.uri()))
                .toList();
        Flux.fromIterable(tiers).flatMap(RedisTier::ready).blockLast(Duration.ofSeconds(20));
        List<ReactiveCache<String, String>> nodes = tiers.stream()
                .map(tier -> ReactiveCache.<String, String>builder("stampede")
                        .key(KeyCodec.ofString())
                        .value(ValueCodec.ofString())
                        .remote(tier)
                        .coalescing(coalescing)
                        .build())
                .toList();
        try {
            return run(name, callers, effort, round -> {
                String key = name + callers + "-" + round;
                return node -> nodes.get(node).getOrFetch(key, same -> load());
            });
        } finally {
            Flux.fromIterable(nodes).flatMap(ReactiveCache::close).blockLast(Duration.ofSeconds(10));
            Flux.fromIterable(tiers).flatMap(RedisTier::close).blockLast(Duration.ofSeconds(10));
        }
    }

    /** What is written by hand: Caffeine's own coalescing, around a GET, a load and a SET. */
    private List<Figure> cacheAside(LocalRedis redis, int callers, Effort effort) {
        RedisClient client = RedisClient.create(redis.uri());
        RedisReactiveCommands<String, String> commands = client.connect().reactive();
        List<AsyncCache<String, String>> nodes = IntStream.range(0, NODES)
                .mapToObj(node -> Caffeine.newBuilder().maximumSize(1_000).<String, String>buildAsync())
                .toList();
        try {
            return run("AsyncCache around GET, load, SET", callers, effort, round -> {
                String key = "aside-" + callers + "-" + round;
                return node -> Mono.fromFuture(
                        nodes.get(node)
                                .get(
                                        key,
                                        (same, executor) -> commands.get(key)
                                                .switchIfEmpty(load().flatMap(value ->
                                                        commands.set(key, value).thenReturn(value)))
                                                .toFuture()),
                        true);
            });
        } finally {
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    private List<Figure> run(
            String contender, int callers, Effort effort, IntFunction<IntFunction<Mono<String>>> ofRound) {
        int rounds = effort.rounds() + 1; // the first warms up
        double[] counts = new double[effort.rounds()];
        double[] waits = new double[effort.rounds()];
        for (int round = 0; round < rounds; round++) {
            IntFunction<Mono<String>> read = ofRound.apply(round);
            loads.set(0);
            double[] millis = Flux.range(0, callers)
                    .flatMap(caller -> waited(read.apply(caller % NODES)), callers)
                    .collectList()
                    .map(all -> all.stream().mapToDouble(nanos -> nanos / 1e6).toArray())
                    .block(Duration.ofMinutes(1));
            if (round > 0 && millis != null) {
                counts[round - 1] = loads.get();
                waits[round - 1] = Figure.quantile(millis, 0.99);
            }
        }
        String work = callers + " callers";
        return List.of(
                Figure.alone(name(), work + ", loads", contender, "loads", Figure.quantile(counts, 1)),
                Figure.alone(name(), work + ", p99", contender, "ms", Figure.quantile(waits, 0.5)));
    }

    private static Mono<Long> waited(Mono<String> read) {
        return Mono.defer(() -> {
            long begun = System.nanoTime();
            return read.map(value -> System.nanoTime() - begun);
        });
    }
}
