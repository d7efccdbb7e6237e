package dev.reactivecache.benchmarks;

import dev.reactivecache.Invalidation.KeyInvalidated;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.redis.RedisTier;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.redisson.Redisson;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.LocalCacheInvalidateListener;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.client.codec.IntegerCodec;
import org.redisson.client.codec.StringCodec;
import org.redisson.codec.CompositeCodec;
import org.redisson.config.Config;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How long after a change was acknowledged to one node another one has dropped its copy. Each node has connections and threads
 * of its own; both are in one process, so that one clock measures. That a copy is gone is told by the cache itself: by ours
 * after it has dropped it, by Redisson's listener when it does.
 */
final class Lag implements Section {
    @Override
    public String name() {
        return "lag";
    }

    @Override
    public String title() {
        return "From an acknowledged change to the end of another node's copy";
    }

    @Override
    public List<Figure> measure(Effort effort) throws IOException {
        List<Figure> figures = new ArrayList<>();
        for (int perSecond : effort.quick() ? new int[] {1_000} : new int[] {100, 1_000, 5_000}) {
            int changes = perSecond * (effort.quick() ? 5 : 10);
            try (LocalRedis redis = LocalRedis.start()) {
                figures.addAll(ours(redis, changes, perSecond));
                figures.addAll(redisson(redis, changes, perSecond));
            }
        }
        return figures;
    }

    private List<Figure> ours(LocalRedis redis, int changes, int perSecond) {
        RedisTier writerTier = RedisTier.connect(redis.uri());
        RedisTier readerTier = RedisTier.connect(redis.uri());
        ReactiveCache<Integer, String> writer = cache(writerTier);
        ReactiveCache<Integer, String> reader = cache(readerTier);
        Mono.when(writerTier.ready(), readerTier.ready()).block(Duration.ofSeconds(20));
        try {
            Clocks clocks = new Clocks(changes);
            reader.invalidations().ofType(KeyInvalidated.class).subscribe(told -> clocks.dropped((Integer) told.key()));
            Flux.range(0, changes)
                    .flatMap(key -> reader.getOrFetch(key, Mono.just("value")), 64)
                    .blockLast(Duration.ofMinutes(1));
            return clocks.run(Figure.OURS, perSecond, writer::invalidate);
        } finally {
            Mono.when(writerTier.close(), readerTier.close()).block(Duration.ofSeconds(10));
        }
    }

    private static ReactiveCache<Integer, String> cache(RedisTier tier) {
        return ReactiveCache.<Integer, String>builder("lag")
                .key(KeyCodec.ofInt())
                .value(ValueCodec.ofString())
                .local(LocalTier.maximumSize(1_000_000))
                .remote(tier)
                .build();
    }

    private List<Figure> redisson(LocalRedis redis, int changes, int perSecond) {
        RedissonClient writerClient = client(redis);
        RedissonClient readerClient = client(redis);
        try {
            RLocalCachedMap<Integer, String> writer = map(writerClient);
            RLocalCachedMap<Integer, String> reader = map(readerClient);
            Clocks clocks = new Clocks(changes);
            reader.addListener((LocalCacheInvalidateListener<Integer, String>) (key, value) -> clocks.dropped(key));
            Flux.range(0, changes)
                    .flatMap(key -> Mono.fromCompletionStage(reader.fastPutAsync(key, "value")), 64)
                    .blockLast(Duration.ofMinutes(1));
            Flux.range(0, changes)
                    .flatMap(key -> Mono.fromCompletionStage(reader.getAsync(key)), 64)
                    .blockLast(Duration.ofMinutes(1));
            return clocks.run(
                    "Redisson RLocalCachedMap",
                    perSecond,
                    key -> Mono.fromCompletionStage(writer.fastRemoveAsync(key)));
        } finally {
            readerClient.shutdown();
            writerClient.shutdown();
        }
    }

    private static RedissonClient client(LocalRedis redis) {
        Config config = new Config();
        config.useSingleServer().setAddress(redis.uri());
        config.setCodec(new CompositeCodec(IntegerCodec.INSTANCE, StringCodec.INSTANCE));
        return Redisson.create(config);
    }

    private static RLocalCachedMap<Integer, String> map(RedissonClient client) {
        return client.getLocalCachedMap(
                LocalCachedMapOptions.<Integer, String>name("lag").cacheSize(1_000_000));
    }

    /** When each key's change was acknowledged, and when its copy was gone. */
    private final class Clocks {
        private final int changes;
        private final AtomicLongArray acknowledged;
        private final AtomicLongArray dropped;

        Clocks(int changes) {
            this.changes = changes;
            this.acknowledged = new AtomicLongArray(changes);
            this.dropped = new AtomicLongArray(changes);
        }

        void dropped(int key) {
            if (acknowledged.get(key) != 0 || measuring) {
                dropped.compareAndSet(key, 0, System.nanoTime());
            }
        }

        private volatile boolean measuring;

        List<Figure> run(String contender, int perSecond, IntFunction<? extends Mono<?>> change) {
            measuring = true;
            int atOnce = Math.max(1, perSecond / 1_000);
            IntConsumer done = key -> acknowledged.set(key, System.nanoTime());
            Flux.interval(Duration.ofNanos(1_000_000_000L * atOnce / perSecond))
                    .onBackpressureBuffer()
                    .concatMapIterable(tick -> Collections.nCopies(atOnce, tick))
                    .take(changes)
                    .index((turn, tick) -> turn.intValue())
                    .flatMap(key -> change.apply(key).doOnTerminate(() -> done.accept(key)), 1_000)
                    .blockLast(Duration.ofMinutes(2));
            Mono.delay(Duration.ofSeconds(1)).block();
            double[] micros = IntStream.range(changes / 10, changes) // the first warm up
                    .filter(key -> dropped.get(key) != 0)
                    .mapToDouble(key -> Math.max(0, dropped.get(key) - acknowledged.get(key)) / 1_000.0)
                    .toArray();
            long missed = IntStream.range(0, changes)
                    .filter(key -> dropped.get(key) == 0)
                    .count();
            String work = perSecond + "/s";
            return List.of(
                    Figure.alone(name(), work + ", p50", contender, "us", Figure.quantile(micros, 0.5)),
                    Figure.alone(name(), work + ", p99", contender, "us", Figure.quantile(micros, 0.99)),
                    Figure.alone(name(), work + ", max", contender, "us", Figure.quantile(micros, 1)),
                    Figure.alone(name(), work + ", never dropped", contender, "copies", (double) missed));
        }
    }
}
