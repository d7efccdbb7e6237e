package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The source was written, but the remote tier did not acknowledge that the key's older copies are void. The key's
 * invalidation is kept, and sent until it is acknowledged. Until then this node loads the key on each read; others
 * serve no copy until the quarantine of the write ends, and after that could serve one from before the write.
 */
public final class UncertainWriteException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String cache;
    private final transient @Nullable Object key;

    /**
     * Says that a write is not acknowledged.
     *
     * @param cache the cache's name
     * @param key the key that was written
     * @param cause what the remote tier said
     */
    public UncertainWriteException(String cache, Object key, Throwable cause) {
        super(
                "the source was written, but cache '" + cache + "' could not be told; the invalidation of key " + key
                        + " is kept, and sent again until it is acknowledged",
                cause);
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
