package dev.reactivecache.internal.load;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.BulkOptions;
import dev.reactivecache.Loaded;
import dev.reactivecache.internal.time.TimeSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What a cache loads with when a call names no loader. */
public final class OwnLoaders<K, V> {
    private final String cache;
    private final @Nullable BulkLoader<K, V> bulk;
    private final @Nullable Loader<K, V> forOne;
    private final @Nullable Loader<K, V> forRefresh;

    /**
     * Creates them.
     *
     * @param single loads one key, or null
     * @param bulk loads many, or null; stands in for the other, and loads keys anew together
     */
    public OwnLoaders(String cache, @Nullable Loader<K, V> single, @Nullable BulkLoader<K, V> bulk, TimeSource timer) {
        this.cache = cache;
        this.bulk = bulk;
        this.forRefresh = bulk == null
                ? single
                : new BulkLoad<>(cache, bulk, BulkOptions.defaults().loadSize(), timer, List.of());
        Loader<K, V> one = single != null ? single : bulk == null ? null : key -> loadAlone(bulk, key);
        this.forOne = one == null ? null : new Own<>(one, requireNonNull(forRefresh));
    }

    /** Loads one key by itself, and anew together with others. */
    private record Own<K, V>(Loader<K, V> one, Loader<K, V> forRefresh) implements Loader<K, V> {
        @Override
        public @Nullable Mono<Loaded<V>> load(K key) {
            return one.load(key);
        }
    }

    private static <K, V> @Nullable Mono<Loaded<V>> loadAlone(BulkLoader<K, V> bulk, K key) {
        Mono<BulkLoader.Found<K, V>> source = bulk.load(Set.of(key));
        return source == null ? null : source.mapNotNull(found -> found.of(key));
    }

    /** Loads many keys; or null. */
    public @Nullable BulkLoader<K, V> bulk() {
        return bulk;
    }

    /** Loads one key. */
    public Loader<K, V> forOne() {
        if (forOne == null) {
            throw new IllegalStateException("cache '" + cache + "' was built without a loader: give one to this call");
        }
        return forOne;
    }

    /** What loads a key anew that was read without any loader, or with one that ends with its read; or null. */
    public @Nullable Loader<K, V> forRefresh() {
        return forRefresh;
    }
}
