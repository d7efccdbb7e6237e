package dev.reactivecache.benchmarks.memory;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.benchmarks.memory.MemorySection.Holder;
import dev.reactivecache.benchmarks.peer.Peer;
import dev.reactivecache.local.LocalTier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;

/**
 * Entries in memory. All have the same value, and an {@code Integer} of their own for a key: 16 bytes of each figure.
 */
final class HeapEntries {
    private static final Duration TTL = Duration.ofMinutes(30);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int FIRST_KEY = 1_000; // below that the JVM may have a number already

    private HeapEntries() {}

    static List<Holder> contenders(int entries) {
        return List.of(
                new Holder(Peer.OURS.title(), () -> local(entries)),
                new Holder("Caffeine AsyncCache", () -> bare(entries)));
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

    private static ReactiveCacheBuilder<Integer, String> builder(int entries) {
        return ReactiveCache.<Integer, String>builder("memory")
                .local(LocalTier.<Integer, String>maximumSize(2L * entries).withTtl(TTL))
                .ttl(TTL)
                .loader(key -> Mono.just("loaded"));
    }
}
