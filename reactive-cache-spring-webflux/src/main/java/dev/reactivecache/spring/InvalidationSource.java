package dev.reactivecache.spring;

import dev.reactivecache.CacheStats;
import dev.reactivecache.Invalidation;
import dev.reactivecache.ReactiveCache;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;

/**
 * The invalidations of one cache, and how many there have been.
 *
 * @param cache its name
 * @param life stands for this process's cache alone: counts of another one mean nothing here
 * @param position a count that grows with every change and every gap, before subscribers are told
 */
record InvalidationSource(
        String cache, Flux<? extends Invalidation<?>> invalidations, String life, LongSupplier position) {

    static InvalidationSource of(ReactiveCache<?, ?> cache) {
        String life = UUID.randomUUID().toString();
        return new InvalidationSource(cache.name(), cache.invalidations(), life, () -> position(cache.stats()));
    }

    private static long position(CacheStats stats) {
        return stats.invalidations() + stats.gaps();
    }

    private String id() {
        return life + ":" + position.getAsLong();
    }

    /** Where all of these are now, as the id of an event. */
    static String positions(List<InvalidationSource> sources) {
        return sources.stream().map(InvalidationSource::id).collect(Collectors.joining(","));
    }

    /** Whether nothing has happened since an id was made. */
    boolean isUnchangedSince(String id) {
        return List.of(id.split(",")).contains(id());
    }
}
