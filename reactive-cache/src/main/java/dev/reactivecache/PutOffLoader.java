package dev.reactivecache;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A loader that is told when a key will not be asked of it soon, because others load it. It may be asked later. */
interface PutOffLoader<K, V> extends Function<K, Mono<V>> {

    /** Others load the key. */
    void othersLoad(K key);

    /** Tells a loader of this kind. */
    @SuppressWarnings("unchecked") // whoever may be asked for the key may be told of it
    static <K> void tell(@Nullable Function<? super K, ?> loader, K key) {
        if (loader instanceof PutOffLoader<?, ?> told) {
            ((PutOffLoader<K, ?>) told).othersLoad(key);
        }
    }
}
