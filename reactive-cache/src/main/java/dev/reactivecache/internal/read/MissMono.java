package dev.reactivecache.internal.read;

import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.load.Loader;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** Answers through the key's flight: joins it, or opens it. Empty if there is neither a value nor a loader. */
final class MissMono<K, V> extends Mono<Entry<V>> {
    private final Reads<K, V> reads;
    private final K key;
    private final @Nullable Loader<K, V> loader;

    MissMono(Reads<K, V> reads, K key, @Nullable Loader<K, V> loader) {
        this.reads = reads;
        this.key = key;
        this.loader = loader;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Entry<V>> actual) {
        new Miss<>(reads, key, loader, actual).begin();
    }

    private static final class Miss<K, V> extends FlightRead<K, V, Entry<V>> {
        Miss(Reads<K, V> reads, K key, @Nullable Loader<K, V> loader, CoreSubscriber<? super Entry<V>> actual) {
            super(reads, key, loader, actual);
        }

        @Override
        Entry<V> of(Entry<V> entry) {
            return entry;
        }
    }
}
