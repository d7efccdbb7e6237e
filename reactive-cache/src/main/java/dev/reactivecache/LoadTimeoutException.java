package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A loader took longer than {@link ReactiveCacheBuilder#loadTimeout}, and was cancelled; or it was not called within
 * that time, because of {@link ReactiveCacheBuilder#loadBulkhead}.
 */
public final class LoadTimeoutException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String cache;
    private final transient @Nullable Object key;
    private final Duration loadTimeout;

    /**
     * Says that a load was cancelled.
     *
     * @param cache the cache's name
     * @param key the key that was loaded
     * @param loadTimeout the time that has passed
     */
    public LoadTimeoutException(String cache, Object key, Duration loadTimeout) {
        this(cache, key, loadTimeout, "passed while loading key " + key);
    }

    /**
     * Says that a load did not begin.
     *
     * @param cache the cache's name
     * @param key the key that was to be loaded
     * @param loadTimeout the time that has passed
     * @param loadBulkhead how many loads were under way
     */
    public LoadTimeoutException(String cache, Object key, Duration loadTimeout, int loadBulkhead) {
        this(
                cache,
                key,
                loadTimeout,
                "passed before key " + key + " could be loaded: the remote tier does not answer, and loadBulkhead ("
                        + loadBulkhead + ") loads are under way");
    }

    private LoadTimeoutException(String cache, Object key, Duration loadTimeout, String what) {
        super("loadTimeout (" + loadTimeout + ") of cache '" + cache + "' " + what);
        this.cache = requireNonNull(cache, "cache");
        this.key = requireNonNull(key, "key");
        this.loadTimeout = requireNonNull(loadTimeout, "loadTimeout");
    }

    /** The cache's name. */
    public String cache() {
        return cache;
    }

    /** The key; null after deserialization. */
    public @Nullable Object key() {
        return key;
    }

    /** The time that has passed. */
    public Duration loadTimeout() {
        return loadTimeout;
    }
}
