package dev.reactivecache.spring;

import dev.reactivecache.CacheStats;
import dev.reactivecache.ReactiveCache;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.cache.metrics.CacheMeterBinderProvider;
import org.springframework.cache.Cache;

/**
 * The meters that Spring Boot has for each cache of a {@code CacheManager}, for those that are a {@link ReactiveCache}.
 */
final class SpringCacheMeters implements CacheMeterBinderProvider<Cache> {

    @Override
    public @Nullable MeterBinder getMeterBinder(Cache cache, Iterable<Tag> tags) {
        return cache.getNativeCache() instanceof ReactiveCache<?, ?> reactive
                ? new Meters(reactive, cache.getName(), tags)
                : null;
    }

    private static final class Meters extends CacheMeterBinder<ReactiveCache<?, ?>> {
        Meters(ReactiveCache<?, ?> cache, String name, Iterable<Tag> tags) {
            super(cache, name, tags);
        }

        private @Nullable CacheStats stats() {
            ReactiveCache<?, ?> cache = getCache();
            return cache == null ? null : cache.stats();
        }

        @Override
        protected @Nullable Long size() {
            CacheStats stats = stats();
            return stats == null ? null : stats.localSize();
        }

        @Override
        protected long hitCount() {
            CacheStats stats = stats();
            return stats == null ? 0 : stats.localHits() + stats.remoteHits() + stats.coalesced();
        }

        @Override
        protected @Nullable Long missCount() {
            CacheStats stats = stats();
            return stats == null ? null : stats.misses();
        }

        @Override
        protected @Nullable Long evictionCount() {
            CacheStats stats = stats();
            return stats == null ? null : stats.evictions();
        }

        /** What was loaded: other writes are not counted. */
        @Override
        protected long putCount() {
            CacheStats stats = stats();
            return stats == null ? 0 : stats.loads();
        }

        @Override
        protected void bindImplementationSpecificMetrics(MeterRegistry registry) {}
    }
}
