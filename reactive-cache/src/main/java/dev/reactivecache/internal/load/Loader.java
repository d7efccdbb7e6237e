package dev.reactivecache.internal.load;

import dev.reactivecache.Loaded;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Asks the source for a missing value. What users spell in several ways is turned into one of these where it is given,
 * so that everything behind that place knows one kind of loader.
 */
public interface Loader<K, V> {

    /** Calls the user's code. It may throw, or return null where it must not. */
    @Nullable
    Mono<Loaded<V>> load(K key);

    /** The key will not be asked for soon, because others load it. It may be asked for later. */
    default void othersLoad(K key) {}

    /** The read of the key has ended, with or without a load. */
    default void ended(K key) {}

    /** A loader that gives plain values. */
    static <K, V> Loader<K, V> ofValues(Function<? super K, ? extends Mono<? extends V>> loader) {
        return key -> {
            Mono<? extends V> source = loader.apply(key);
            return source == null ? null : source.map(Loaded::<V>of);
        };
    }

    /** A loader that says more than a value. */
    static <K, V> Loader<K, V> ofLoaded(Function<? super K, ? extends Mono<Loaded<V>>> loader) {
        return loader::apply;
    }
}
