package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Redis is there, but will not serve a tier until its settings or ours are changed. The message says which, and
 * never contains a password.
 */
public final class RedisConfigurationException extends RemoteTierException {
    @Serial
    private static final long serialVersionUID = 1;

    private final boolean certain;

    RedisConfigurationException(String message, @Nullable Throwable cause) {
        this(message, cause, true);
    }

    /**
     * Creates one.
     *
     * @param certain false if a server that is slow might look the same
     */
    RedisConfigurationException(String message, @Nullable Throwable cause, boolean certain) {
        super(message, cause);
        this.certain = certain;
    }

    boolean isCertain() {
        return certain;
    }
}
