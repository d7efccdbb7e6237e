package dev.reactivecache.spring.cache;

import dev.reactivecache.Loaded;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.remote.RemoteTierException;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.support.NullValue;
import reactor.core.publisher.Mono;

/**
 * A cache whose types are only known at run time: keys are checked, and results that are too large are not stored.
 *
 * @param cache the cache
 * @param keyType what its keys are
 * @param maxElements of how many elements a collection may be that is stored
 * @param puts those that have begun
 * @param onUnacknowledged what becomes of changes that the remote tier does not acknowledge
 */
record NamedCache(
        ReactiveCache<Object, Object> cache,
        Class<?> keyType,
        int maxElements,
        PutsUnderWay puts,
        OnUnacknowledged onUnacknowledged) {
    private static final Logger log = LoggerFactory.getLogger(NamedCache.class);

    Object checked(Object key) {
        if (!keyType.isInstance(key)) {
            throw new IllegalArgumentException("cache '" + cache.name() + "' has keys of type " + keyType.getName()
                    + ", and was asked for one of type " + key.getClass().getName() + ": "
                    + KeyHint.of(keyType, key.getClass()));
        }
        return key;
    }

    /** Reads, and stores what is not too large. */
    Mono<Object> fetch(Object key, Mono<?> source) {
        return fetch(key, source, Loaded::of);
    }

    /** Reads, and stores as is said, unless it is too large; those who share the load get all of it. */
    Mono<Object> fetch(Object key, Mono<?> source, Function<Object, Loaded<Object>> terms) {
        Mono<Loaded<Object>> loaded = source.filter(value -> !isNull(value))
                .map(value -> isTooLarge(value) ? Loaded.<Object>of(value).notStored() : terms.apply(value));
        return cache.getOrFetchLoaded(checked(key), same -> loaded);
    }

    boolean isTooLarge(Object value) {
        boolean tooLarge = value instanceof Collection<?> elements && elements.size() > maxElements;
        if (tooLarge) {
            log.debug("cache '{}': a result of more than {} elements is not stored", cache.name(), maxElements);
        }
        return tooLarge;
    }

    /** Whether a value is null, or what some caches of Spring store in its place. */
    static boolean isNull(@Nullable Object value) {
        return value == null || value instanceof NullValue;
    }

    /** Stores a value; or that there is none, which is kept only if the cache has a time to live for it. */
    Mono<Void> put(Object key, @Nullable Object value) {
        Object same = checked(key);
        return change(() -> puts.run(same, storing(same, value)));
    }

    private Mono<Void> storing(Object key, @Nullable Object value) {
        if (value == null || isNull(value)) {
            return cache.invalidate(key)
                    .then(cache.getOrFetch(key, Mono.empty()))
                    .then();
        }
        return isTooLarge(value) ? cache.invalidate(key) : cache.put(key, value);
    }

    /** Invalidates a key, and ends the puts of it that are under way. */
    Mono<Void> invalidate(Object key) {
        Object same = checked(key);
        return change(() -> {
            puts.end(same);
            return cache.invalidate(same);
        });
    }

    /** Clears the cache, and ends all puts that are under way. */
    Mono<Void> clear() {
        return change(() -> {
            puts.endAll();
            return cache.clear();
        });
    }

    /**
     * The cache has kept what the remote tier has not acknowledged, and its message says so, with its name and the key.
     */
    private Mono<Void> change(Supplier<Mono<Void>> work) {
        Mono<Void> change = Mono.defer(work);
        return onUnacknowledged == OnUnacknowledged.FAIL
                ? change
                : change.onErrorResume(RemoteTierException.class, failure -> {
                    log.warn("{}", failure.getMessage());
                    return Mono.empty();
                });
    }
}
