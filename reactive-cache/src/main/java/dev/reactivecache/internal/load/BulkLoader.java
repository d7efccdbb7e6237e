package dev.reactivecache.internal.load;

import dev.reactivecache.Loaded;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Asks the source for many missing values at once. As with {@link Loader}, users' spellings end where they are given.
 */
public interface BulkLoader<K, V> {

    /** Calls the user's code. It may throw, or return null where it must not. */
    @Nullable
    Mono<Found<K, V>> load(Set<K> keys);

    /** What a bulk loader brought of each key: null if nothing. Throws what the user's map does. */
    interface Found<K, V> {
        @Nullable
        Loaded<V> of(K key);
    }

    /** A bulk loader that gives plain values. */
    static <K, V> BulkLoader<K, V> ofValues(
            Function<? super Set<K>, ? extends Mono<? extends Map<? extends K, ? extends V>>> loader) {
        return keys -> {
            Mono<? extends Map<? extends K, ? extends V>> source = loader.apply(keys);
            return source == null ? null : source.map(BulkLoader::found);
        };
    }

    /** A bulk loader that says more than values. */
    static <K, V> BulkLoader<K, V> ofLoaded(
            Function<? super Set<K>, ? extends Mono<? extends Map<? extends K, Loaded<V>>>> loader) {
        return keys -> {
            Mono<? extends Map<? extends K, Loaded<V>>> source = loader.apply(keys);
            return source == null ? null : source.map(found -> found::get);
        };
    }

    private static <K, V> Found<K, V> found(Map<? extends K, ? extends V> values) {
        return key -> {
            V value = values.get(key);
            return value == null ? null : Loaded.of(value);
        };
    }
}
