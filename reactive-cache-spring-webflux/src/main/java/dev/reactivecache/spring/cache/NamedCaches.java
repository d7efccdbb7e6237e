package dev.reactivecache.spring.cache;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.ReactiveCaches;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The application's caches, by name. */
final class NamedCaches {
    private final ReactiveCaches caches;
    private final ConcurrentMap<String, NamedCache> known = new ConcurrentHashMap<>();

    NamedCaches(ReactiveCaches caches) {
        this.caches = caches;
    }

    /**
     * The cache of this name.
     *
     * @throws dev.reactivecache.spring.ReactiveCacheConfigurationException if there is none
     */
    NamedCache get(String name) {
        NamedCache there = known.get(name);
        return there != null ? there : known.computeIfAbsent(name, missing -> of(caches.get(missing)));
    }

    @SuppressWarnings("unchecked")
    NamedCache of(ReactiveCache<?, ?> cache) {
        return new NamedCache(
                (ReactiveCache<Object, Object>) cache,
                caches.keyType(cache.name()).resolve(Object.class),
                caches.maxElements(cache.name()));
    }
}
