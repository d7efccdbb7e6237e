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
import org.springframework.util.ClassUtils;

/**
 * The application's caches, by name, as Spring's annotations use them. Only caches that are beans are found: an unknown
 * name is told, not made a new cache.
 *
 * <p>One is the application's {@code CacheManager} unless it has another; then it is a bean of the name {@value #BEAN}.
 * Safe for use by any number of threads.
 */
public final class SpringCaches implements CacheManager {
    /** The name of the bean, for {@code @Cacheable(cacheManager = ...)}. */
    public static final String BEAN = "reactiveCacheManager";

    private static final boolean TRANSACTIONS =
            isPresent("org.springframework.transaction.support.TransactionSynchronizationManager")
                    && isPresent("org.springframework.cache.transaction.TransactionAwareCacheDecorator");

    private final ReactiveCaches caches;
    private final NamedCaches named;
    private final UnaryOperator<Cache> decoration;
    private final ConcurrentMap<String, Cache> adapters = new ConcurrentHashMap<>();

    private SpringCaches(ReactiveCaches caches, NamedCaches named, UnaryOperator<Cache> decoration) {
        this.caches = caches;
        this.named = named;
        this.decoration = decoration;
    }

    /**
     * One of the application's own making, for a manager of its own that asks several. Changes in a transaction of the
     * calling thread come after its commit, where Spring's transactions are there.
     */
    public static SpringCaches of(ReactiveCaches caches) {
        return of(caches, new NamedCaches(caches, OnUnacknowledged.LOG), true);
    }

    static SpringCaches of(ReactiveCaches caches, NamedCaches named, boolean transactionAware) {
        boolean afterCommit = transactionAware && TRANSACTIONS;
        return new SpringCaches(
                requireNonNull(caches, "caches"), named, afterCommit ? AfterCommit::of : UnaryOperator.identity());
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, SpringCaches.class.getClassLoader());
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
