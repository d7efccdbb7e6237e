package dev.reactivecache.benchmarks.memory;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.benchmarks.memory.MemorySection.Holder;
import dev.reactivecache.benchmarks.peer.Peer;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.redis.RedisTier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Entries in memory. All have the same value, and an {@code Integer} of their own for a key: 16 bytes of what is told. */
final class HeapEntries {
    private static final Duration TTL = Duration.ofMinutes(30);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int FIRST_KEY = 1_000; // below that the JVM may have a number already
    private static final int BATCH = 1_000;

    private HeapEntries() {}

    static List<Holder> contenders(int entries) {
        return List.of(
                new Holder(Peer.OURS.title(), () -> local(entries)),
                new Holder("Caffeine AsyncCache", () -> bare(entries)));
    }

    /** The copies in memory of entries that Redis has; JOL takes long to look through all that a client is made of. */
    static Holder withRedis(String uri, int entries) {
        return new Holder(Peer.OURS.title() + ", with Redis", () -> ofTwoTiers(uri, entries));
    }

    private static double bare(int entries) {
        AsyncCache<Integer, String> cache = Caffeine.newBuilder()
                .maximumSize(2L * entries)
                .expireAfterWrite(TTL)
                .buildAsync();
        return HeapGraph.each(cache, entries, i -> {
            cache.put(FIRST_KEY + i, CompletableFuture.completedFuture("value"));
            if (i == entries - 1) {
                cache.synchronous().cleanUp();
            }
        });
    }

    private static double local(int entries) {
        ReactiveCache<Integer, String> cache = builder(entries).build();
        return HeapGraph.each(
                cache, entries, i -> cache.put(FIRST_KEY + i, "value").block(PATIENCE));
    }

    private static double ofTwoTiers(String uri, int entries) {
        RedisTier tier = RedisTier.builder(uri).writeTimeout(PATIENCE).connect();
        tier.ready().block(PATIENCE);
        ReactiveCache<Integer, String> cache = builder(entries)
                .key(KeyCodec.ofInt())
                .value(new Constant())
                .remote(tier)
                .build();
        try {
            fill(cache, -BATCH); // so that the connection's buffers are as large as they get
            return HeapGraph.each(cache, entries / BATCH, i -> fill(cache, FIRST_KEY + i * BATCH)) / BATCH;
        } finally {
            Mono.when(cache.close(), tier.close()).block(PATIENCE);
        }
    }

    private static void fill(ReactiveCache<Integer, String> cache, int first) {
        Flux.range(first, BATCH)
                .flatMap(key -> cache.put(key, "value").then(cache.get(key)), 64) // the read puts it in memory
                .blockLast(PATIENCE);
    }

    private static ReactiveCacheBuilder<Integer, String> builder(int entries) {
        return ReactiveCache.<Integer, String>builder("memory")
                .local(LocalTier.<Integer, String>maximumSize(2L * entries).withTtl(TTL))
                .ttl(TTL)
                .loader(key -> Mono.just("loaded"));
    }

    /** Reads the same instance whatever Redis has. */
    private static final class Constant implements ValueCodec<String> {
        @Override
        public byte[] encode(String value) {
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(ByteBuffer payload) {
            return "value";
        }
    }
}
