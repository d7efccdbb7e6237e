package dev.reactivecache;

import dev.reactivecache.internal.policy.Checks;
import dev.reactivecache.internal.policy.Tags;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one entry may have of its own, instead of the cache's setting. Immutable. */
public final class EntryOptions {
    private static final EntryOptions DEFAULTS = new EntryOptions(null, List.of(), null, null);

    private final @Nullable Duration ttl;
    private final List<String> tags;
    private final @Nullable Duration staleWhileRevalidate;
    private final @Nullable Duration staleIfError;

    private EntryOptions(
            @Nullable Duration ttl,
            List<String> tags,
            @Nullable Duration staleWhileRevalidate,
            @Nullable Duration staleIfError) {
        this.ttl = ttl;
        this.tags = tags;
        this.staleWhileRevalidate = staleWhileRevalidate;
        this.staleIfError = staleIfError;
    }

    /** The cache's own settings, and no tags. */
    public static EntryOptions defaults() {
        return DEFAULTS;
    }

    /**
     * A time to live of its own; the cache's jitter applies to it.
     *
     * @throws IllegalArgumentException if {@code ttl} is below a millisecond or above 1,000 days
     */
    public EntryOptions withTtl(Duration ttl) {
        return new EntryOptions(Checks.ttl("ttl", ttl), tags, staleWhileRevalidate, staleIfError);
    }

    /** These tags, in place of others given before. As {@link #withTags(Collection)}. */
    public EntryOptions withTags(String... tags) {
        return withTags(List.of(tags));
    }

    /**
     * These tags, in place of others given before: {@link ReactiveCache#invalidateTag} voids all entries that have a
     * tag.
     *
     * @throws IllegalArgumentException if a tag does not match {@code [A-Za-z0-9._:/@=+-]{1,128}}, or if there are more
     *     than 16
     */
    public EntryOptions withTags(Collection<String> tags) {
        return new EntryOptions(ttl, Tags.names(tags), staleWhileRevalidate, staleIfError);
    }

    /**
     * For how long after its time to live the value is answered while it is loaded anew, in place of
     * {@link ReactiveCacheBuilder#staleWhileRevalidate(Duration)}. Zero: not at all.
     *
     * @throws IllegalArgumentException if {@code window} is negative or above 1,000 days
     */
    public EntryOptions withStaleWhileRevalidate(Duration window) {
        return new EntryOptions(ttl, tags, Checks.window("staleWhileRevalidate", window), staleIfError);
    }

    /**
     * For how long after its time to live the value is answered if loading it anew fails, in place of
     * {@link ReactiveCacheBuilder#staleIfError(Duration)}. Zero: not at all.
     *
     * @throws IllegalArgumentException if {@code window} is negative or above 1,000 days
     */
    public EntryOptions withStaleIfError(Duration window) {
        return new EntryOptions(ttl, tags, staleWhileRevalidate, Checks.window("staleIfError", window));
    }

    /** The time to live, or null for the cache's own. */
    public @Nullable Duration ttl() {
        return ttl;
    }

    /** The tags, unmodifiable. */
    public List<String> tags() {
        return tags;
    }

    /** For how long the value is answered while it is loaded anew, or null for the cache's own setting. */
    public @Nullable Duration staleWhileRevalidate() {
        return staleWhileRevalidate;
    }

    /** For how long the value is answered if loading it anew fails, or null for the cache's own setting. */
    public @Nullable Duration staleIfError() {
        return staleIfError;
    }

    @Override
    public String toString() {
        return "EntryOptions[ttl=" + ttl + ", tags=" + tags + ", staleWhileRevalidate=" + staleWhileRevalidate
                + ", staleIfError=" + staleIfError + "]";
    }
}
