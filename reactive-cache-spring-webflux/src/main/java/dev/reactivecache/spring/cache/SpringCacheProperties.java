package dev.reactivecache.spring.cache;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How Spring's cache annotations use the caches.
 *
 * @param enabled Whether Spring's cache annotations use these caches.
 * @param transactionAware Whether what happens in a transaction of the calling thread changes the caches after its
 *     commit.
 */
@ConfigurationProperties(prefix = "reactive-cache.spring-cache", ignoreUnknownFields = false)
record SpringCacheProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("true") boolean transactionAware) {}
