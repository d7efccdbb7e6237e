package dev.reactivecache.spring;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * Settings of caches.
 *
 * @param defaults Settings of every cache that has none of its own.
 * @param caches Settings of single caches, by name.
 */
@ConfigurationProperties("reactive-cache")
record ReactiveCacheProperties(
        @NestedConfigurationProperty @Nullable CacheProperties defaults,
        @Nullable Map<String, CacheProperties> caches) {

    static final String CACHES = "reactive-cache.caches";
    static final String DEFAULTS = "reactive-cache.defaults";

    /** Settings by name, in the order of names. */
    Map<String, CacheProperties> named() {
        return caches == null ? Map.of() : new TreeMap<>(caches);
    }

    /** What applies to a cache. */
    CacheProperties of(String cache) {
        CacheProperties usual = defaults == null ? CacheProperties.NONE : defaults;
        return named().getOrDefault(cache, CacheProperties.NONE).over(usual);
    }
}
