package dev.reactivecache.benchmarks.memory;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.benchmarks.LocalRedis;
import dev.reactivecache.benchmarks.memory.MemorySection.Holder;
import dev.reactivecache.benchmarks.peer.Peer;
import dev.reactivecache.benchmarks.peer.SpringDataCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.redis.RedisTier;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.reactivestreams.Publisher;
import org.redisson.Redisson;
import org.redisson.api.RMapCacheReactive;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.codec.CompositeCodec;
import org.redisson.config.Config;
import reactor.core.publisher.Flux;

/**
 * Entries in Redis, of text keys of ten letters, with a time to live, in caches of one name; each contender has a
 * server of its own. Counted is {@code MEMORY USAGE} of every key there is, so also of Redisson's sets of times and of
 * what ours keeps besides. It leaves out Redis's table of expiries, which has a place for each key but those of
 * Redisson's map.
 */
final class RedisEntries {
    private static final Duration TTL = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String NAME = "memory";
    private static final int AT_ONCE = 64;

    private RedisEntries() {}

    static List<Holder> contenders(int entries, int size) {
        byte[] value = new byte[size];
        List<String> keys = IntStream.range(0, entries)
                .mapToObj(i -> String.format("key-%06d", i))
                .toList();
        return List.of(
                new Holder(Peer.OURS.title(), () -> counted(keys, size, uri -> ours(uri, keys, value))),
                new Holder("Lettuce, SET", () -> counted(keys, size, uri -> bare(uri, keys, value))),
                new Holder("Spring Data RedisCache", () -> counted(keys, size, uri -> springData(uri, keys, value))),
                new Holder("Redisson RMapCache", () -> counted(keys, size, uri -> redisson(uri, keys, value))));
    }

    /** Stores all keys in the Redis it is given the place of. */
    private interface Store {
        void into(String uri);
    }

    private static double counted(List<String> keys, int size, Store store) throws IOException {
        try (LocalRedis redis = LocalRedis.start()) {
            store.into(redis.uri());
            RedisClient client = RedisClient.create(redis.uri());
            try {
                RedisCommands<byte[], byte[]> commands =
                        client.connect(ByteArrayCodec.INSTANCE).sync();
                long bytes = 0;
                ScanIterator<byte[]> all = ScanIterator.scan(commands);
                while (all.hasNext()) {
                    Long used = commands.memoryUsage(all.next());
                    bytes += used == null ? 0 : used;
                }
                return (double) bytes / keys.size() - size;
            } finally {
                client.shutdown(0, 1, TimeUnit.SECONDS);
            }
        }
    }

    private static void each(List<String> keys, Function<String, Publisher<?>> put) {
        Flux.fromIterable(keys).flatMap(put, AT_ONCE).blockLast(PATIENCE);
    }

    private static void ours(String uri, List<String> keys, byte[] value) {
        RedisTier tier = RedisTier.connect(uri);
        tier.ready().block(PATIENCE);
        ReactiveCache<String, byte[]> cache = ReactiveCache.<String, byte[]>builder(NAME)
                .key(KeyCodec.ofString())
                .value(ValueCodec.ofBytes())
                .remote(tier)
                .ttl(TTL)
                .build();
        each(keys, key -> cache.put(key, value));
        cache.close().then(tier.close()).block(PATIENCE);
    }

    private static void bare(String uri, List<String> keys, byte[] value) {
        RedisClient client = RedisClient.create(uri);
        var commands = client.connect(ByteArrayCodec.INSTANCE).reactive();
        SetArgs expiring = SetArgs.Builder.ex(TTL);
        each(keys, key -> commands.set((NAME + ":" + key).getBytes(StandardCharsets.UTF_8), value, expiring));
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }

    private static void springData(String uri, List<String> keys, byte[] value) {
        try (SpringDataCache cache = new SpringDataCache(uri, NAME, TTL)) {
            keys.forEach(key -> cache.put(key, value));
        }
    }

    private static void redisson(String uri, List<String> keys, byte[] value) {
        Config config = new Config();
        config.useSingleServer().setAddress(uri);
        config.setCodec(new CompositeCodec(StringCodec.INSTANCE, org.redisson.client.codec.ByteArrayCodec.INSTANCE));
        RedissonClient client = Redisson.create(config);
        RMapCacheReactive<String, byte[]> map = client.reactive().getMapCache(NAME);
        each(keys, key -> map.fastPut(key, value, TTL.toSeconds(), TimeUnit.SECONDS));
        client.shutdown();
    }
}
