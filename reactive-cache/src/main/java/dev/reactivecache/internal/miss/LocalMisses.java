package dev.reactivecache.internal.miss;

import dev.reactivecache.internal.age.Lives;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.entry.Life;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.load.LoadResult;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.internal.load.SourceCalls;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.internal.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A miss of an in-memory cache: there is only the loader to ask. */
public final class LocalMisses<K, V> implements Misses<K, V> {
    private final LocalStore<K, V> local;
    private final SourceCalls<K, V> sources;
    private final Lives lives;
    private final FailedReloads<K, V> failedReloads;

    public LocalMisses(LocalStore<K, V> local, SourceCalls<K, V> sources, Lives lives, TimeSource timer) {
        this.local = local;
        this.sources = sources;
        this.lives = lives;
        this.failedReloads = new FailedReloads<>(local, lives.terms(), timer);
    }

    @Override
    public Mono<Entry<V>> answer(
            Flight<Entry<V>> flight, K key, @Nullable Entry<V> kept, @Nullable Loader<K, V> loader) {
        if (loader == null) {
            return Mono.empty();
        }
        Mono<Entry<V>> load = sources.load(key, loader).map(loaded -> keep(flight, key, loaded));
        return kept == null ? load : load.doOnError(failure -> failedReloads.note(flight, key, kept, failure));
    }

    @Override
    public Mono<Entry<V>> refresh(
            Flight<Entry<V>> flight, K key, Entry<V> kept, Loader<K, V> loader, @Nullable Duration within) {
        return answer(flight, key, kept, loader);
    }

    private Entry<V> keep(Flight<Entry<V>> flight, K key, LoadResult<V> loaded) {
        long now = loaded.startedNanos() + loaded.tookNanos();
        boolean kept = loaded.stored() && (!loaded.isAbsent() || lives.keepsAbsence());
        Life life =
                kept ? lives.inMemory(now, loaded.isAbsent(), loaded.options(), loaded.tookNanos()) : Life.until(now);
        var watches = local.watch(loaded.options().tags());
        var entry = new Entry<>(
                loaded.value(),
                Entry.UNSTAMPED,
                now,
                life,
                Entry.From.SOURCE,
                flight.epoch(),
                Entry.Scope.of(watches),
                Entry.UNWEIGHED);
        if (kept) {
            local.keep(key, flight, entry);
        } else {
            local.keepNothing(key, flight);
        }
        return entry;
    }

    @Override
    public Mono<Entry<V>> peek(K key) {
        return Mono.empty();
    }
}
