package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.internal.policy.Checks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a loader of {@link ReactiveCache#getOrFetchLoaded} or {@link ReactiveCache#lookupLoaded} found, with what its
 * entry shall have of its own. Immutable. A loader that completes empty, or emits one that
 * {@linkplain #absent() is absent}, says that the source has no value.
 *
 * @param <V> the type of values
 */
public final class Loaded<V> {
    private final @Nullable V value;
    private final EntryOptions options;
    private final boolean stored;

    private Loaded(@Nullable V value, EntryOptions options, boolean stored) {
        this.value = value;
        this.options = options;
        this.stored = stored;
    }

    /** A value that is stored as any other. */
    public static <V> Loaded<V> of(V value) {
        return new Loaded<>(requireNonNull(value, "value"), EntryOptions.defaults(), true);
    }

    /** The source has no value. That is stored for {@link ReactiveCacheBuilder#absentTtl}, if that is set. */
    public static <V> Loaded<V> absent() {
        return new Loaded<>(null, EntryOptions.defaults(), true);
    }

    /** The same, stored with options of its own. */
    public Loaded<V> with(EntryOptions options) {
        return new Loaded<>(value, requireNonNull(options, "options"), stored);
    }

    /** The same, stored with tags, in place of others given before. As {@link EntryOptions#withTags(String...)}. */
    public Loaded<V> withTags(String... tags) {
        return with(options.withTags(tags));
    }

    /**
     * The same, stored with a time to live that follows from the value, in place of another given before; the cache's
     * jitter applies to it. One below a millisecond, zero and negative ones included, says that the value is over: it
     * goes to the callers, and is {@linkplain #notStored() not stored}. One above 1,000 days counts as 1,000 days.
     */
    public Loaded<V> withTtl(Duration ttl) {
        if (requireNonNull(ttl, "ttl").compareTo(Checks.SHORTEST_TTL) < 0) {
            return notStored();
        }
        return with(options.withTtl(ttl.compareTo(Checks.LONGEST) > 0 ? Checks.LONGEST : ttl));
    }

    /** The same, which goes to the callers of this load, and is stored nowhere. */
    public Loaded<V> notStored() {
        return new Loaded<>(value, options, false);
    }

    /** The value, or null if the source has none. */
    public @Nullable V value() {
        return value;
    }

    /** What its entry has of its own. */
    public EntryOptions options() {
        return options;
    }

    /** Whether it may be stored. */
    public boolean isStored() {
        return stored;
    }

    @Override
    public String toString() {
        return "Loaded[" + value + ", " + options + (stored ? "]" : ", not stored]");
    }
}
