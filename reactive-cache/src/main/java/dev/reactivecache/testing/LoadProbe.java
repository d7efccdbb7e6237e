package dev.reactivecache.testing;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * A loader that counts: how often it was subscribed to, for which keys, and how often it was cancelled. Safe for use by
 * any number of threads.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class LoadProbe<K, V> implements Function<K, Mono<V>> {
    private final Function<? super K, ? extends Mono<? extends V>> loader;
    private final Map<K, LongAdder> loads = new ConcurrentHashMap<>();
    private final AtomicInteger running = new AtomicInteger();
    private final LongAdder cancelled = new LongAdder();

    private LoadProbe(Function<? super K, ? extends Mono<? extends V>> loader) {
        this.loader = loader;
    }

    /** A probe of a loader. */
    public static <K, V> LoadProbe<K, V> of(Function<? super K, ? extends Mono<? extends V>> loader) {
        return new LoadProbe<>(requireNonNull(loader, "loader"));
    }

    @Override
    public Mono<V> apply(K key) {
        return Mono.defer(() -> {
            loads.computeIfAbsent(key, first -> new LongAdder()).increment();
            running.incrementAndGet();
            return Mono.<V>from(loader.apply(key))
                    .doOnCancel(cancelled::increment)
                    .doFinally(end -> running.decrementAndGet());
        });
    }

    /** How many loads there were. */
    public long loads() {
        return loads.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** How many loads of a key there were. */
    public long loads(K key) {
        LongAdder count = loads.get(key);
        return count == null ? 0 : count.sum();
    }

    /** How many loads have begun and not ended. */
    public int running() {
        return running.get();
    }

    /** How many loads were cancelled. */
    public long cancelled() {
        return cancelled.sum();
    }

    @Override
    public String toString() {
        return "LoadProbe" + loads;
    }
}
