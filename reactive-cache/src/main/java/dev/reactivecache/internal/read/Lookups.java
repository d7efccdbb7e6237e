package dev.reactivecache.internal.read;

import dev.reactivecache.Cached;
import dev.reactivecache.Cached.Freshness;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.internal.entry.Ends;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.load.Loader;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Reads that say where their value comes from, and how old it is. */
public final class Lookups<K, V> {
    private final Reads<K, V> reads;

    public Lookups(Reads<K, V> reads) {
        this.reads = reads;
    }

    /** Asks the loader on a miss. */
    public Mono<Cached<V>> lookup(K key, Loader<K, V> loader) {
        return answer(key, new MissMono<>(reads, key, loader));
    }

    /** Asks only the tiers, and has nothing loaded, not even with nobody waiting. */
    public Mono<Cached<V>> peek(K key) {
        return answer(key, MissMono.looking(reads, key));
    }

    private Mono<Cached<V>> answer(K key, Mono<Given<V>> miss) {
        return Mono.defer(() -> {
            Entry<V> hit = reads.hit(key);
            return hit != null
                    ? Mono.just(cached(new Given<>(hit, Freshness.FRESH, Origin.LOCAL)))
                    : miss.map(this::cached);
        });
    }

    private Cached<V> cached(Given<V> given) {
        long now = reads.timer.now();
        Entry<V> entry = given.entry();
        Ends ends = entry.ends();
        long fresh = ends == null ? entry.calmUntilNanos() - now : Math.min(ends.fresh() - now, ends.copy() - now);
        boolean loaded = given.origin() == Origin.LOADER;
        return new Cached<>(
                entry.value(),
                given.origin(),
                loaded ? Duration.ZERO : nanos(now - entry.loadedAtNanos()),
                nanos(fresh),
                given.freshness(),
                ends == null || given.freshness() == Freshness.FRESH ? Duration.ZERO : nanos(now - ends.fresh()));
    }

    private static Duration nanos(long nanos) {
        return Duration.ofNanos(Math.max(0, nanos));
    }
}
