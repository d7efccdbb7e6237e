package dev.reactivecache.internal.load;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.LoadTimeoutException;
import dev.reactivecache.Loaded;
import dev.reactivecache.internal.count.Counters;
import dev.reactivecache.internal.count.Observers;
import dev.reactivecache.internal.flight.SourceMono;
import dev.reactivecache.internal.time.TimeSource;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Calls of loaders: guards against one that throws, returns null or never ends, and counts. */
public final class SourceCalls<K, V> {
    private final String cache;
    private final Duration timeout;
    private final int atOnce;
    private final Bulkhead bulkhead;
    private final TimeSource timer;
    private final Counters counters;
    private final Observers observers;

    public SourceCalls(
            String cache, Duration timeout, int atOnce, TimeSource timer, Counters counters, Observers observers) {
        this.cache = cache;
        this.timeout = timeout;
        this.atOnce = atOnce;
        this.bulkhead = new Bulkhead(atOnce, timeout, timer);
        this.timer = timer;
        this.counters = counters;
        this.observers = observers;
    }

    /** Subscribes to the loader's {@code Mono}; emits exactly one element, or errors as the loader does. */
    public Mono<LoadResult<V>> load(K key, Loader<K, V> loader) {
        return observers.load(ask(key, loader), LoadResult::isAbsent);
    }

    private Mono<LoadResult<V>> ask(K key, Loader<K, V> loader) {
        return Mono.defer(() -> {
            counters.misses.increment();
            long started = timer.now();
            return call(key, loader)
                    .defaultIfEmpty(Loaded.absent())
                    .map(said -> result(said, started))
                    .doOnError(failure -> counters.loadFailures.increment());
        });
    }

    /** The same, when there is no other tier to keep callers from the source: only so many at a time. */
    public Mono<LoadResult<V>> loadInTurn(K key, Loader<K, V> loader) {
        return bulkhead.limit(load(key, loader), () -> new LoadTimeoutException(cache, key, timeout, atOnce));
    }

    private Mono<Loaded<V>> call(K key, Loader<K, V> loader) {
        return SourceMono.of(() -> requireNonNull(
                        loader.load(key), () -> "the loader of cache '" + cache + "' returned null for key " + key))
                .timeout(timeout, Mono.error(() -> new LoadTimeoutException(cache, key, timeout)), timer.scheduler());
    }

    private LoadResult<V> result(Loaded<V> said, long started) {
        long took = timer.now() - started;
        counters.loads.increment();
        counters.loadNanos.add(took);
        return new LoadResult<>(said.value(), started, took, said.options(), said.isStored());
    }
}
