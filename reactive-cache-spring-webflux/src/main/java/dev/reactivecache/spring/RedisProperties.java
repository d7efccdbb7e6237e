package dev.reactivecache.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where Redis is.
 *
 * @param uri Redis that the caches of several nodes share: redis://[[user]:password@]host[:port][/database], or rediss://
 *     for TLS. Without it there is no remote tier, and caches live in memory.
 */
@ConfigurationProperties("reactive-cache.redis")
record RedisProperties(@Nullable String uri) {

    @Override
    public String toString() {
        return "RedisProperties[uri=" + (uri == null ? "none" : "***") + "]";
    }
}
