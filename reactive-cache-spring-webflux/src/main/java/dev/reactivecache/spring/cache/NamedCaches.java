package dev.reactivecache.spring.cache;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.ReactiveCaches;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The application's caches, by name, for annotations of either kind. */
final class NamedCaches {
    private final ReactiveCaches caches;
    private final OnUnacknowledged onUnacknowledged;
    private final ConcurrentMap<String, NamedCache> known = new ConcurrentHashMap<>();

    NamedCaches(ReactiveCaches caches, OnUnacknowledged onUnacknowledged) {
        this.caches = caches;
        this.onUnacknowledged = onUnacknowledged;
    }

    /**
     * The cache of this name.
     *
     * @throws dev.reactivecache.spring.ReactiveCacheConfigurationException if there is none
     */
    NamedCache get(String name) {
        return find(name).orElseGet(() -> of(caches.get(name)));
    }

    /** The cache of this name, if there is one. */
    Optional<NamedCache> find(String name) {
        NamedCache there = known.get(name);
        return there != null ? Optional.of(there) : caches.find(name).map(this::of);
    }

    @SuppressWarnings("unchecked")
    private NamedCache of(ReactiveCache<?, ?> cache) {
        return known.computeIfAbsent(
                cache.name(),
                name -> new NamedCache(
                        (ReactiveCache<Object, Object>) cache,
                        caches.keyType(name).resolve(Object.class),
                        caches.maxElements(name),
                        new PutsUnderWay(),
                        onUnacknowledged));
    }
}
