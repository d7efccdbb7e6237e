package dev.reactivecache.spring.cache;

import dev.reactivecache.Loaded;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ObjectUtils;

/**
 * What expressions have said of one entry.
 *
 * @param ttl its time to live, or null for the cache's
 * @param tags its tags
 */
record EntryTerms(@Nullable Duration ttl, List<String> tags) {
    /**
     * Reads the values of both expressions.
     *
     * @throws IllegalArgumentException if the time to live is no {@code Duration}
     */
    static EntryTerms of(@Nullable Object ttl, @Nullable Object tags) {
        if (ttl != null && !(ttl instanceof Duration)) {
            throw new IllegalArgumentException("ttl (" + ttl.getClass().getName() + ") must be a Duration");
        }
        return new EntryTerms((Duration) ttl, names(tags));
    }

    private static List<String> names(@Nullable Object tags) {
        if (tags == null) {
            return List.of();
        }
        Collection<?> all = tags instanceof Collection<?> many
                ? many
                : tags.getClass().isArray() ? Arrays.asList(ObjectUtils.toObjectArray(tags)) : List.of(tags);
        return all.stream().map(String::valueOf).toList();
    }

    /**
     * What has been loaded, stored so: not at all, if it would live for less than a millisecond; for 1,000 days at
     * most.
     *
     * @throws IllegalArgumentException if a tag is none
     */
    Loaded<Object> applyTo(Loaded<Object> loaded) {
        Loaded<Object> tagged = loaded.withTags(tags.toArray(String[]::new));
        return ttl == null ? tagged : tagged.withTtl(ttl);
    }
}
