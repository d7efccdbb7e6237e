package dev.reactivecache;

import java.io.Serial;
import java.time.Duration;

/** A loader took longer than {@link ReactiveCacheBuilder#loadTimeout}, and was cancelled. */
public final class LoadTimeoutException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    LoadTimeoutException(String cache, Object key, Duration loadTimeout) {
        super("loadTimeout (" + loadTimeout + ") of cache '" + cache + "' passed while loading key " + key);
    }
}
