package dev.reactivecache;

import java.io.Serial;
import java.time.Duration;

/**
 * A loader took longer than {@link ReactiveCacheBuilder#loadTimeout}, and was cancelled; or it was not called within that time,
 * because of {@link ReactiveCacheBuilder#loadBulkhead}.
 */
public final class LoadTimeoutException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    LoadTimeoutException(String cache, Object key, Duration loadTimeout) {
        super("loadTimeout (" + loadTimeout + ") of cache '" + cache + "' passed while loading key " + key);
    }

    LoadTimeoutException(String cache, Object key, Duration loadTimeout, int loads) {
        super("loadTimeout (" + loadTimeout + ") of cache '" + cache + "' passed before key " + key
                + " could be loaded: the remote tier does not answer, and loadBulkhead (" + loads
                + ") loads are under way");
    }
}
