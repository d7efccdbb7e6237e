package dev.reactivecache.internal.terms;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.Loaded;
import java.time.Duration;
import java.util.Collection;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What entries have of their own because of what they hold, as functions of the user's say. What a loader or a call
 * says itself of an entry goes before.
 *
 * @param cache the cache's name, for messages
 * @param tags the tags of a value, or null if no function says
 * @param ttl the time to live of a value, or null if no function says
 */
public record OwnTerms<K, V>(
        String cache,
        @Nullable BiFunction<? super K, ? super V, ? extends Collection<String>> tags,
        @Nullable BiFunction<? super K, ? super V, ? extends @Nullable Duration> ttl) {
    private static final Logger LOG = LoggerFactory.getLogger(OwnTerms.class);

    /** What was loaded, with what it has of its own. Throws what the functions do. */
    public Loaded<V> of(K key, Loaded<V> loaded) {
        V value = loaded.value();
        if (value == null) {
            return loaded;
        }
        Loaded<V> result = loaded;
        if (tags != null && loaded.options().tags().isEmpty()) {
            result = result.with(result.options().withTags(requireNonNull(tags.apply(key, value), "tags")));
        }
        Duration own = ttl == null || loaded.options().ttl() != null ? null : ttl.apply(key, value);
        return own == null ? result : result.withTtl(own);
    }

    /**
     * What the entry of a value has that the source has taken already; null if it is not stored. A function that throws
     * leaves it so: the write is done, and its caller gets its result.
     */
    public @Nullable EntryOptions ofWritten(K key, V value, EntryOptions given) {
        try {
            Loaded<V> written = of(key, Loaded.of(value).with(given));
            return written.isStored() ? written.options() : null;
        } catch (RuntimeException thrown) {
            LOG.warn(
                    "cache '{}': the tags or the ttl of a written value cannot be had, so it is not stored",
                    cache,
                    thrown);
            return null;
        }
    }
}
