package dev.reactivecache.internal.miss;

import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.load.LoadResult;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.internal.load.SourceCalls;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.internal.policy.Lifetimes;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A miss of an in-memory cache: there is only the loader to ask. */
public final class LocalMisses<K, V> implements Misses<K, V> {
    private final LocalStore<K, V> local;
    private final SourceCalls<K, V> sources;
    private final Lifetimes lifetimes;

    public LocalMisses(LocalStore<K, V> local, SourceCalls<K, V> sources, Lifetimes lifetimes) {
        this.local = local;
        this.sources = sources;
        this.lifetimes = lifetimes;
    }

    @Override
    public Mono<Entry<V>> answer(
            Flight<Entry<V>> flight, K key, @Nullable Entry<V> kept, @Nullable Loader<K, V> loader) {
        return loader == null ? Mono.empty() : sources.load(key, loader).map(loaded -> keep(flight, key, loaded));
    }

    private Entry<V> keep(Flight<Entry<V>> flight, K key, LoadResult<V> loaded) {
        long now = loaded.startedNanos() + loaded.tookNanos();
        boolean kept = loaded.stored() && (!loaded.isAbsent() || lifetimes.keepsAbsence());
        long life = kept ? drawNanos(loaded) : 0;
        var watches = local.watch(loaded.options().tags());
        var entry = new Entry<>(
                loaded.value(),
                Entry.UNSTAMPED,
                now,
                now + life,
                Entry.From.SOURCE,
                flight.epoch(),
                Entry.Scope.of(watches),
                Entry.UNWEIGHED);
        if (kept) {
            local.keep(key, flight, entry);
        }
        return entry;
    }

    private long drawNanos(LoadResult<V> loaded) {
        Duration own = loaded.options().ttl();
        long life = lifetimes.drawNanos(loaded.isAbsent(), own, ThreadLocalRandom.current());
        return own != null ? life : Math.min(life, lifetimes.localTtl().toNanos());
    }

    @Override
    public Mono<Entry<V>> peek(K key) {
        return Mono.empty();
    }
}
