package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.policy.Bulkhead;
import dev.reactivecache.policy.Timer;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Asks a loader: guards against one that throws, returns null or never ends, and counts. */
final class Loading<K, V> {
    private final String cache;
    private final Duration timeout;
    private final int atOnce;
    private final Bulkhead bulkhead;
    private final Timer timer;
    private final Counters counters;
    private final Observers observers;

    Loading(String cache, Duration timeout, int atOnce, Timer timer, Counters counters, Observers observers) {
        this.cache = cache;
        this.timeout = timeout;
        this.atOnce = atOnce;
        this.bulkhead = new Bulkhead(atOnce, timeout, timer);
        this.timer = timer;
        this.counters = counters;
        this.observers = observers;
    }

    /**
     * What the source said.
     *
     * @param value its value, or null if it has none
     * @param startedNanos when it was asked
     * @param tookNanos how long it took
     * @param options what its entry has of its own
     * @param stored whether it may be stored
     */
    record Loaded<V>(@Nullable V value, long startedNanos, long tookNanos, EntryOptions options, boolean stored) {
        boolean isAbsent() {
            return value == null;
        }
    }

    /** Subscribes to the loader's {@code Mono}; emits exactly one element, or errors as the loader does. */
    Mono<Loaded<V>> load(K key, Function<? super K, ? extends Mono<? extends V>> loader) {
        return observers.load(ask(key, loader), Loaded::isAbsent);
    }

    private Mono<Loaded<V>> ask(K key, Function<? super K, ? extends Mono<? extends V>> loader) {
        return Mono.defer(() -> {
            counters.misses.increment();
            long started = timer.now();
            return call(key, loader)
                    .defaultIfEmpty(dev.reactivecache.Loaded.absent())
                    .map(said -> loaded(said, started))
                    .doOnError(failure -> counters.loadFailures.increment());
        });
    }

    /** The same, when there is no other tier to keep callers from the source: only so many at a time. */
    Mono<Loaded<V>> loadInTurn(K key, Function<? super K, ? extends Mono<? extends V>> loader) {
        return bulkhead.limit(load(key, loader), () -> new LoadTimeoutException(cache, key, timeout, atOnce));
    }

    private Mono<dev.reactivecache.Loaded<V>> call(K key, Function<? super K, ? extends Mono<? extends V>> loader) {
        return Mono.defer(() -> {
                    Mono<dev.reactivecache.Loaded<V>> said =
                            loader instanceof LoadedLoader ? asLoaded(loader).load(key) : plain(loader.apply(key));
                    return requireNonNull(
                            said, () -> "the loader of cache '" + cache + "' returned null for key " + key);
                })
                .timeout(timeout, Mono.error(() -> new LoadTimeoutException(cache, key, timeout)), timer.scheduler());
    }

    @SuppressWarnings("unchecked") // it was made for this cache
    private LoadedLoader<K, V> asLoaded(Function<? super K, ? extends Mono<? extends V>> loader) {
        return (LoadedLoader<K, V>) loader;
    }

    private static <V> @Nullable Mono<dev.reactivecache.Loaded<V>> plain(@Nullable Mono<? extends V> source) {
        return source == null ? null : source.map(dev.reactivecache.Loaded::<V>of);
    }

    private Loaded<V> loaded(dev.reactivecache.Loaded<V> said, long started) {
        long took = timer.now() - started;
        counters.loads.increment();
        counters.loadNanos.add(took);
        return new Loaded<>(said.value(), started, took, said.options(), said.isStored());
    }
}
