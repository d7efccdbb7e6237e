package dev.reactivecache.benchmarks;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.redis.lettuce.RedisLettuceCacheBuilder;
import com.alicp.jetcache.support.Fastjson2KeyConvertor;
import dev.reactivecache.CacheMode;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.benchmarks.peer.SpringDataCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.redis.RedisTier;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.reactivestreams.Publisher;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A hit in Redis, of values of one size. */
final class RemoteHits implements Section {
    @Override
    public String name() {
        return "l2";
    }

    @Override
    public String title() {
        return "A hit in Redis";
    }

    @Override
    public List<Figure> measure(Effort effort) throws IOException, InterruptedException {
        List<Figure> figures = new ArrayList<>();
        int[] sizes = effort.quick() ? new int[] {1_024} : new int[] {100, 1_024, 10_240};
        try (LocalRedis redis = LocalRedis.start()) {
            warmUp(redis, effort.quick() ? 700_000_000L : 2_000_000_000L);
            for (int size : sizes) {
                try (Readers readers = new Readers(redis, size)) {
                    for (int inFlight : new int[] {1, 64, 512}) {
                        String work = size + " B, " + inFlight + " in flight";
                        figures.addAll(new Race(name(), work, readers.contenders(inFlight))
                                .run(
                                        effort.quick() ? 5 : 2 * effort.rounds() + 1,
                                        effort.quick() ? 250_000_000L : 500_000_000L));
                    }
                }
            }
            try (JsonHits json = new JsonHits(redis)) {
                new Race(name(), "warm-up", json.contenders(512))
                        .run(1, effort.quick() ? 500_000_000L : 2_000_000_000L);
                for (int inFlight : new int[] {1, 512}) {
                    figures.addAll(
                            new Race(name(), "1 KB of JSON, " + inFlight + " in flight", json.contenders(inFlight))
                                    .run(effort.quick() ? 5 : 2 * effort.rounds() + 1, 300_000_000L));
                }
            }
        }
        return figures;
    }

    /** Until the compiler is done: it takes half of the processor for the first ten seconds of each contender. */
    private void warmUp(LocalRedis redis, long nanosEach) throws InterruptedException {
        try (Readers readers = new Readers(redis, 1_024)) {
            for (int inFlight : new int[] {512, 1}) {
                new Race(name(), "warm-up", readers.contenders(inFlight)).run(1, nanosEach);
            }
        }
    }

    /** All who read, and what they read. */
    private static final class Readers implements AutoCloseable {
        private static final int KEYS = 4_096;
        private static final int TOGETHER = 64;

        private final RedisClient client;
        private final StatefulRedisConnection<byte[], byte[]> bare;
        private final RedisTier tier;
        private final ReactiveCache<String, byte[]> ours;
        private final ReactiveCache<String, byte[]> remoteOnly;
        private final RedissonClient redisson;
        private final Cache<String, byte[]> jetCache;
        private final SpringDataCache springData;
        private final String[] keys =
                IntStream.range(0, KEYS).mapToObj(i -> "key-" + i).toArray(String[]::new);
        private final byte[][] names = IntStream.range(0, KEYS)
                .mapToObj(i -> ("bare:key-" + i).getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);

        Readers(LocalRedis redis, int size) {
            this.client = RedisClient.create(redis.uri());
            this.bare = client.connect(ByteArrayCodec.INSTANCE);
            this.tier = RedisTier.connect(redis.uri());
            tier.ready().block(Duration.ofSeconds(20));
            // a copy in memory has ended when its key's turn comes again
            this.ours = cache("bench-" + size)
                    .local(LocalTier.<String, byte[]>maximumSize(2L * KEYS).withTtl(Duration.ofMillis(1)))
                    .build();
            this.remoteOnly =
                    cache("remote-only-" + size).mode(CacheMode.REMOTE_ONLY).build();
            Config config = new Config();
            config.useSingleServer().setAddress(redis.uri());
            config.setCodec(org.redisson.client.codec.ByteArrayCodec.INSTANCE);
            this.redisson = Redisson.create(config);
            this.jetCache = RedisLettuceCacheBuilder.createRedisLettuceCacheBuilder()
                    .redisClient(client)
                    .keyPrefix("jetcache:")
                    .keyConvertor(Fastjson2KeyConvertor.INSTANCE)
                    .valueEncoder(com.alicp.jetcache.support.JavaValueEncoder.INSTANCE)
                    .valueDecoder(com.alicp.jetcache.support.JavaValueDecoder.INSTANCE)
                    .expireAfterWrite(1, TimeUnit.HOURS)
                    .buildCache();
            this.springData = new SpringDataCache(redis.uri(), "spring-data", Duration.ofHours(1));
            byte[] value = new byte[size];
            Flux.range(0, KEYS)
                    .flatMap(
                            i -> Mono.when(
                                    ours.put(keys[i], value),
                                    remoteOnly.put(keys[i], value),
                                    bare.reactive().set(names[i], value),
                                    redisson.reactive()
                                            .<byte[]>getBucket(keys[i])
                                            .set(value),
                                    Mono.fromCompletionStage(
                                            jetCache.PUT(keys[i], value).future())),
                            64)
                    .blockLast(Duration.ofMinutes(1));
            for (String key : keys) {
                springData.put(key, value);
            }
        }

        private ReactiveCacheBuilder<String, byte[]> cache(String name) {
            return ReactiveCache.<String, byte[]>builder(name)
                    .key(KeyCodec.ofString())
                    .value(ValueCodec.ofBytes())
                    .remote(tier)
                    .ttl(Duration.ofHours(1));
        }

        List<Contender> contenders(int inFlight) {
            List<Contender> contenders = new ArrayList<>();
            contenders.add(contender(Figure.OURS, inFlight, 1, i -> ours.get(keys[i])));
            contenders.add(contender("Reactive Cache, REMOTE_ONLY", inFlight, 1, i -> remoteOnly.get(keys[i])));
            contenders.add(
                    contender("Lettuce, GET", inFlight, 1, i -> bare.reactive().get(names[i])));
            if (inFlight >= TOGETHER) {
                contenders.add(contender("Lettuce, MGET of 64", inFlight / TOGETHER, TOGETHER, this::mget));
            }
            contenders.add(contender(
                    "Redisson RBucketReactive",
                    inFlight,
                    1,
                    i -> redisson.reactive().<byte[]>getBucket(keys[i]).get()));
            contenders.add(contender(
                    "JetCache, Redis only",
                    inFlight,
                    1,
                    i -> Mono.fromCompletionStage(jetCache.GET(keys[i]).future())));
            contenders.add(contender("Spring Data RedisCache", inFlight, 1, i -> springData.read(keys[i])));
            return contenders;
        }

        private Publisher<List<KeyValue<byte[], byte[]>>> mget(int first) {
            byte[][] some = new byte[TOGETHER][];
            for (int i = 0; i < TOGETHER; i++) {
                some[i] = names[(first + i) & (KEYS - 1)];
            }
            return bare.reactive().mget(some).collectList();
        }

        private static Contender contender(String name, int inFlight, int step, IntFunction<Publisher<?>> read) {
            return new Contender(name, new InFlight(read, inFlight, step, KEYS)::runFor);
        }

        @Override
        public void close() {
            Mono.when(ours.close(), remoteOnly.close()).block(Duration.ofSeconds(10));
            tier.close().block(Duration.ofSeconds(10));
            redisson.shutdown();
            springData.close();
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }
}
