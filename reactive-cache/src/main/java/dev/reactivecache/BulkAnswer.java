package dev.reactivecache;

import static java.util.Objects.requireNonNull;

/**
 * What one key of a {@linkplain ReactiveCache#getOrFetchEach bulk read} came to.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public sealed interface BulkAnswer<K, V> {
    /** The key that was asked for. */
    K key();

    /** It has a value. */
    record Found<K, V>(K key, V value) implements BulkAnswer<K, V> {
        /** Checks its parts. */
        public Found {
            requireNonNull(key, "key");
            requireNonNull(value, "value");
        }
    }

    /** The source has no value, or nobody was to be asked for one. */
    record Absent<K, V>(K key) implements BulkAnswer<K, V> {
        /** Checks its parts. */
        public Absent {
            requireNonNull(key, "key");
        }
    }

    /**
     * It could not be read.
     *
     * @param failure what {@link ReactiveCache#getOrFetch(Object)} of this key alone would have failed with
     */
    record Failed<K, V>(K key, Throwable failure) implements BulkAnswer<K, V> {
        /** Checks its parts. */
        public Failed {
            requireNonNull(key, "key");
            requireNonNull(failure, "failure");
        }
    }
}
