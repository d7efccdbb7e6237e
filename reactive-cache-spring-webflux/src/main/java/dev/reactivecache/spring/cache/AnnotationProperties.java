package dev.reactivecache.spring.cache;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How annotations use the caches.
 *
 * @param enabled Whether @ReactiveCacheable and @ReactiveCacheInvalidate work.
 * @param onUnacknowledged What becomes of a call, also of Spring's own annotations, if Redis does not acknowledge that
 *     the cache has changed.
 */
@ConfigurationProperties(prefix = "reactive-cache.annotations", ignoreUnknownFields = false)
record AnnotationProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("log") OnUnacknowledged onUnacknowledged) {}
