package dev.reactivecache.internal.read;

import dev.reactivecache.Cached.Freshness;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.load.Loader;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * What {@link ReactiveCache#getOrFetch} returns: a hit in memory is handed to the subscriber at once. A type of its
 * own, because a hit is answered in a few tens of nanoseconds, which composed operators would multiply. Fuseable,
 * because {@code flatMap} puts a subscriber more around what is not.
 */
public abstract class ReadMono<K, V> extends Mono<V> implements Fuseable, Scannable {
    private final Reads<K, V> reads;
    private final K key;

    private ReadMono(Reads<K, V> reads, K key) {
        this.reads = reads;
        this.key = key;
    }

    /** A read that, on a miss, asks the loader; without one it asks only the tiers. */
    public static <K, V> Mono<V> of(Reads<K, V> reads, K key, @Nullable Loader<K, V> loader) {
        return onAssembly(new Prepared<>(reads, key, loader));
    }

    /** The same for a loader as users spell it, which is turned into a {@link Loader} only if it is needed. */
    public static <K, V> Mono<V> ofValues(
            Reads<K, V> reads, K key, Function<? super K, ? extends Mono<? extends V>> loader) {
        return onAssembly(new Spelt<>(reads, key, loader));
    }

    /** The same for a {@code Mono} that a caller gave. */
    public static <K, V> Mono<V> ofSource(Reads<K, V> reads, K key, Mono<? extends V> source) {
        return onAssembly(new Sourced<>(reads, key, source));
    }

    /** What a miss asks, or null to ask only the tiers. */
    abstract @Nullable Loader<K, V> loader();

    private static final class Prepared<K, V> extends ReadMono<K, V> {
        private final @Nullable Loader<K, V> loader;

        Prepared(Reads<K, V> reads, K key, @Nullable Loader<K, V> loader) {
            super(reads, key);
            this.loader = loader;
        }

        @Override
        @Nullable
        Loader<K, V> loader() {
            return loader;
        }
    }

    private static final class Spelt<K, V> extends ReadMono<K, V> {
        private final Function<? super K, ? extends Mono<? extends V>> loader;

        Spelt(Reads<K, V> reads, K key, Function<? super K, ? extends Mono<? extends V>> loader) {
            super(reads, key);
            this.loader = loader;
        }

        @Override
        Loader<K, V> loader() {
            return Loader.ofValues(loader);
        }
    }

    private static final class Sourced<K, V> extends ReadMono<K, V> {
        private final Reads<K, V> reads;
        private final Mono<? extends V> source;

        Sourced(Reads<K, V> reads, K key, Mono<? extends V> source) {
            super(reads, key);
            this.reads = reads;
            this.source = source;
        }

        @Override
        Loader<K, V> loader() {
            return Loader.ofSource(source, reads.refreshes.own());
        }
    }

    @Override
    public void subscribe(CoreSubscriber<? super V> actual) {
        Entry<V> hit;
        try {
            hit = reads.hit(key);
        } catch (Throwable thrown) { // by the key's hashCode or equals
            Operators.error(actual, thrown);
            return;
        }
        if (hit == null) {
            new Miss<>(reads, key, loader(), actual).begin();
            return;
        }
        V value = hit.value();
        if (value == null) {
            Operators.complete(actual);
        } else {
            actual.onSubscribe(new Hit<>(actual, value));
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    /**
     * Hands over one value when it is asked for, or when it is polled. Without atomics, which a subscriber's duty to
     * call one after another (Reactive Streams 2.7) makes unnecessary, and which would cost more than the rest of it.
     */
    private static final class Hit<V> implements SynchronousSubscription<V> {
        private final CoreSubscriber<? super V> actual;
        private final V value;
        private boolean over;

        Hit(CoreSubscriber<? super V> actual, V value) {
            this.actual = actual;
            this.value = value;
        }

        @Override
        public void request(long n) {
            if (over || !Operators.validate(n)) {
                return;
            }
            over = true;
            actual.onNext(value);
            actual.onComplete();
        }

        @Override
        public @Nullable V poll() {
            if (over) {
                return null;
            }
            over = true;
            return value;
        }

        @Override
        public boolean isEmpty() {
            return over;
        }

        @Override
        public int size() {
            return over ? 0 : 1;
        }

        @Override
        public void clear() {
            over = true;
        }

        @Override
        public void cancel() {
            over = true;
        }
    }

    /** Hands over the value of an entry, if it has one, when that comes. */
    private static final class Miss<K, V> extends FlightRead<K, V, V> {
        Miss(Reads<K, V> reads, K key, @Nullable Loader<K, V> loader, CoreSubscriber<? super V> actual) {
            super(reads, key, loader, actual);
        }

        @Override
        @Nullable
        V of(Entry<V> entry, Freshness freshness, Origin origin) {
            return entry.value();
        }
    }
}
