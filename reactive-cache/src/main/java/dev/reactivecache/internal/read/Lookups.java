package dev.reactivecache.internal.read;

import dev.reactivecache.Cached;
import dev.reactivecache.Cached.Freshness;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.internal.entry.Ends;
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
                    ? Mono.just(cached(hit, Origin.LOCAL, Freshness.FRESH))
                    : new MissMono<>(reads, key, loader)
                            .map(given -> cached(given.entry(), given.origin(), given.freshness()));
        });
    }

    private Cached<V> cached(Entry<V> entry, Origin origin, Freshness freshness) {
        long now = reads.timer.now();
        Ends ends = entry.ends();
        return new Cached<>(
                entry.value(),
                origin,
                origin == Origin.LOADER ? Duration.ZERO : nanos(now - entry.loadedAtNanos()),
                nanos((ends == null ? entry.calmUntilNanos() : Math.min(ends.fresh(), ends.copy())) - now),
                freshness,
                ends == null || freshness == Freshness.FRESH ? Duration.ZERO : nanos(now - ends.fresh()));
    }

    private static Duration nanos(long nanos) {
        return Duration.ofNanos(Math.max(0, nanos));
    }
}
