package dev.reactivecache.spring;

import java.io.Serial;

/** What {@code reactive-cache.redis.uri} is set to is no Redis URI. Its messages do not repeat the password. */
final class InvalidRedisUriException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    InvalidRedisUriException(IllegalArgumentException cause) {
        super("reactive-cache.redis.uri: " + cause.getMessage(), cause);
    }
}
