package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A loader waits, directly or through the loads of other keys, for the key that it is itself loading. */
public final class RecursiveLoadException extends IllegalStateException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String cache;
    private final transient @Nullable Object key;

    /**
     * Says that a load waits for itself.
     *
     * @param cache the cache's name
     * @param key the key
     */
    public RecursiveLoadException(String cache, Object key) {
        super("the loader of cache '" + cache + "' waits for the key that it is loading: " + key);
        this.cache = requireNonNull(cache, "cache");
        this.key = requireNonNull(key, "key");
    }

    /** The cache's name. */
    public String cache() {
        return cache;
    }

    /** The key; null after deserialization. */
    public @Nullable Object key() {
        return key;
    }
}
