package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Redis is there, but will not serve a tier until somebody changes its settings or ours. The message says which, and
 * never contains a password.
 */
public final class RedisConfigurationException extends RemoteTierException {
    @Serial
    private static final long serialVersionUID = 1;

    RedisConfigurationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
