package dev.reactivecache.internal.load;

import dev.reactivecache.LoadTimeoutException;
import dev.reactivecache.Loaded;
import dev.reactivecache.internal.count.Counters;
import dev.reactivecache.internal.count.Observers;
import dev.reactivecache.internal.terms.OwnTerms;
import dev.reactivecache.internal.time.TimeSource;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Calls of loaders: guards against one that throws, returns null or never ends, and counts. */
public final class SourceCalls<K, V> {
    private final String cache;
    private final OwnTerms<K, V> terms;
    private final Duration timeout;
    private final int atOnce;
    private final Bulkhead bulkhead;
    private final TimeSource timer;
    private final Counters counters;
    private final Observers observers;
    private final CallBounds inTime = this::limitTime;
    private final CallBounds inTurn = this::limitNumberAndTime;

    public SourceCalls(
            OwnTerms<K, V> terms,
            Duration timeout,
            int atOnce,
            TimeSource timer,
            Counters counters,
            Observers observers) {
        this.cache = terms.cache();
        this.terms = terms;
        this.timeout = timeout;
        this.atOnce = atOnce;
        this.bulkhead = new Bulkhead(atOnce, timeout, timer);
        this.timer = timer;
        this.counters = counters;
        this.observers = observers;
    }

    /** Subscribes to the loader's {@code Mono}; emits exactly one element, or errors as the loader does. */
    public Mono<LoadResult<V>> load(K key, Loader<K, V> loader) {
        return ask(key, loader.load(key, inTime, cache));
    }

    /**
     * The same, when there is no other tier to keep callers from the source: only so many at a time. Keys that are
     * loaded together have one turn.
     */
    public Mono<LoadResult<V>> loadInTurn(K key, Loader<K, V> loader) {
        return loader.loadsTogether()
                ? ask(key, loader.load(key, inTurn, cache))
                : bulkhead.limit(load(key, loader), () -> failure(key, GivenUpException.neverHadItsTurn()));
    }

    private Mono<LoadResult<V>> ask(K key, Mono<Loaded<V>> call) {
        Mono<LoadResult<V>> asked = Mono.defer(() -> {
            counters.misses.increment();
            long started = timer.now();
            return call.defaultIfEmpty(Loaded.absent())
                    .map(said -> result(terms.of(key, said), started))
                    .onErrorMap(GivenUpException.class, cause -> failure(key, cause))
                    .doOnError(failure -> counters.loadFailures.increment());
        });
        return observers.load(asked, LoadResult::isAbsent);
    }

    private <T> Mono<T> limitTime(Mono<T> call) {
        return call.timeout(timeout, Mono.error(GivenUpException::tookTooLong), timer.scheduler());
    }

    private <T> Mono<T> limitNumberAndTime(Mono<T> call) {
        return bulkhead.limit(limitTime(call), GivenUpException::neverHadItsTurn);
    }

    private LoadTimeoutException failure(K key, GivenUpException cause) {
        return cause.hadBegun()
                ? new LoadTimeoutException(cache, key, timeout)
                : new LoadTimeoutException(cache, key, timeout, atOnce);
    }

    private LoadResult<V> result(Loaded<V> said, long started) {
        long took = timer.now() - started;
        counters.loads.increment();
        counters.loadNanos.add(took);
        counters.stale.loaded();
        return new LoadResult<>(said.value(), started, took, said.options(), said.isStored());
    }
}
