package dev.reactivecache.internal.read;

import dev.reactivecache.Cached;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.load.Loader;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Reads that say where their value comes from, and how old it is. */
public final class Lookups<K, V> {
    private final Reads<K, V> reads;

    public Lookups(Reads<K, V> reads) {
        this.reads = reads;
    }

    /** Asks the loader on a miss; without one, only the tiers. */
    public Mono<Cached<V>> lookup(K key, @Nullable Loader<K, V> loader) {
        return Mono.defer(() -> {
            Entry<V> hit = reads.hit(key);
            return hit != null
                    ? Mono.just(cached(hit, Origin.LOCAL))
                    : new MissMono<>(reads, key, loader).map(entry -> cached(entry, originOf(entry)));
        });
    }

    /** Of an entry that memory alone did not answer. */
    private static Origin originOf(Entry<?> entry) {
        return switch (entry.from()) {
            case SOURCE -> Origin.LOADER;
            case REMOTE -> Origin.REMOTE;
            case UNCHECKED_MEMORY -> Origin.LOCAL_UNCHECKED;
        };
    }

    private Cached<V> cached(Entry<V> entry, Origin origin) {
        long now = reads.timer.now();
        return new Cached<>(
                entry.value(),
                origin,
                origin == Origin.LOADER ? Duration.ZERO : Duration.ofNanos(Math.max(0, now - entry.loadedAtNanos())),
                Duration.ofNanos(Math.max(0, entry.expiresAtNanos() - now)));
    }
}
