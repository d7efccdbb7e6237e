package dev.reactivecache.internal.read;

import dev.reactivecache.Cached.Freshness;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.load.Loader;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** Answers through the key's flight: joins it, or opens it. Empty if there is neither a value nor a loader. */
final class MissMono<K, V> extends Mono<Given<V>> {
    private final Reads<K, V> reads;
    private final K key;
    private final @Nullable Loader<K, V> loader;
    private final boolean mayRefresh;

    MissMono(Reads<K, V> reads, K key, @Nullable Loader<K, V> loader) {
        this(reads, key, loader, true);
    }

    private MissMono(Reads<K, V> reads, K key, @Nullable Loader<K, V> loader, boolean mayRefresh) {
        this.reads = reads;
        this.key = key;
        this.loader = loader;
        this.mayRefresh = mayRefresh;
    }

    /** Looks, and changes nothing by it: no load is begun, not even one that nobody waits for. */
    static <K, V> MissMono<K, V> looking(Reads<K, V> reads, K key) {
        return new MissMono<>(reads, key, null, false);
    }

    @Override
    public void subscribe(CoreSubscriber<? super Given<V>> actual) {
        new Miss<>(reads, key, loader, mayRefresh, actual).begin();
    }

    private static final class Miss<K, V> extends FlightRead<K, V, Given<V>> {
        private final boolean mayRefresh;

        Miss(
                Reads<K, V> reads,
                K key,
                @Nullable Loader<K, V> loader,
                boolean mayRefresh,
                CoreSubscriber<? super Given<V>> actual) {
            super(reads, key, loader, actual);
            this.mayRefresh = mayRefresh;
        }

        @Override
        boolean mayRefresh() {
            return mayRefresh;
        }

        @Override
        Given<V> of(Entry<V> entry, Freshness freshness, Origin origin) {
            return new Given<>(entry, freshness, origin);
        }
    }
}
