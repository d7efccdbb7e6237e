package dev.reactivecache.internal.load;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.Loaded;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What a cache loads with when a call names no loader.
 *
 * @param single loads one key, or null
 * @param bulk loads many, or null; stands in for the other
 */
public record OwnLoaders<K, V>(
        String cache,
        @Nullable Loader<K, V> single,
        @Nullable BulkLoader<K, V> bulk) {

    /** Loads one key. */
    public Loader<K, V> forOne() {
        if (single == null && bulk == null) {
            throw new IllegalStateException("cache '" + cache + "' was built without a loader: give one to this call");
        }
        return single != null ? single : this::loadAlone;
    }

    private @Nullable Mono<Loaded<V>> loadAlone(K key) {
        Mono<BulkLoader.Found<K, V>> source = requireNonNull(bulk).load(Set.of(key));
        return source == null ? null : source.mapNotNull(found -> found.of(key));
    }
}
