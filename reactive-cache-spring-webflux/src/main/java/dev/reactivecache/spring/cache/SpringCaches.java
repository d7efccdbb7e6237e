package dev.reactivecache.spring.cache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.ReactiveCaches;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * The application's caches, by name, as Spring's annotations use them. Only caches that are beans are found: an unknown
 * name is told, not made a new cache.
 */
final class SpringCaches implements CacheManager {
    private final ReactiveCaches caches;
    private final NamedCaches named;
    private final UnaryOperator<Cache> decoration;
    private final ConcurrentMap<String, Cache> adapters = new ConcurrentHashMap<>();

    SpringCaches(ReactiveCaches caches, NamedCaches named, UnaryOperator<Cache> decoration) {
        this.caches = caches;
        this.named = named;
        this.decoration = decoration;
    }

    @Override
    public @Nullable Cache getCache(String name) {
        Cache known = adapters.get(requireNonNull(name, "name"));
        if (known != null) {
            return known;
        }
        Cache made = named.find(name)
                .map(found -> decoration.apply(new CacheAdapter(found)))
                .orElse(null);
        Cache other = made == null ? null : adapters.putIfAbsent(name, made);
        return other == null ? made : other;
    }

    @Override
    public Collection<String> getCacheNames() {
        return caches.all().stream().map(ReactiveCache::name).sorted().toList();
    }
}
