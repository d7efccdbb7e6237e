package dev.reactivecache.spring.cache;

import dev.reactivecache.Loaded;
import dev.reactivecache.ReactiveCache;
import java.util.Collection;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * A cache whose types are only known at run time: keys are checked, and results that are too large are not stored.
 *
 * @param cache the cache
 * @param keyType what its keys are
 * @param maxElements of how many elements a collection may be that is stored
 */
record NamedCache(ReactiveCache<Object, Object> cache, Class<?> keyType, int maxElements) {
    private static final Logger log = LoggerFactory.getLogger(NamedCache.class);

    Object checked(Object key) {
        if (!keyType.isInstance(key)) {
            throw new IllegalArgumentException("cache '" + cache.name() + "' has keys of type " + keyType.getName()
                    + ", and was asked for one of type " + key.getClass().getName()
                    + ": name the argument that is the key, as in key = \"#id\"");
        }
        return key;
    }

    /** Reads, and stores what is not too large. */
    Mono<Object> fetch(Object key, Mono<?> source) {
        return fetch(key, source, value -> true);
    }

    /** Reads, and stores what is chosen and not too large; all else goes to those who share the load. */
    Mono<Object> fetch(Object key, Mono<?> source, Predicate<Object> chosen) {
        Mono<Loaded<Object>> loaded = source.map(value -> {
            Loaded<Object> stored = Loaded.of(value);
            return chosen.test(value) && !isTooLarge(value) ? stored : stored.notStored();
        });
        return cache.getOrFetchLoaded(checked(key), same -> loaded);
    }

    boolean isTooLarge(Object value) {
        boolean tooLarge = value instanceof Collection<?> elements && elements.size() > maxElements;
        if (tooLarge) {
            log.debug("cache '{}': a result of more than {} elements is not stored", cache.name(), maxElements);
        }
        return tooLarge;
    }

    Mono<Void> invalidate(Object key) {
        return cache.invalidate(checked(key));
    }
}
