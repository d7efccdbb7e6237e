package dev.reactivecache;

import dev.reactivecache.policy.Checks;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one entry may have of its own, instead of the cache's setting. Immutable. */
public final class EntryOptions {
    private static final EntryOptions DEFAULTS = new EntryOptions(null);

    private final @Nullable Duration ttl;

    private EntryOptions(@Nullable Duration ttl) {
        this.ttl = ttl;
    }

    /** The cache's own settings. */
    public static EntryOptions defaults() {
        return DEFAULTS;
    }

    /**
     * A time to live of its own; the cache's jitter applies to it.
     *
     * @throws IllegalArgumentException if {@code ttl} is below a millisecond or above 1,000 days
     */
    public EntryOptions withTtl(Duration ttl) {
        return new EntryOptions(Checks.ttl("ttl", ttl));
    }

    /** The time to live, or null for the cache's own. */
    public @Nullable Duration ttl() {
        return ttl;
    }

    @Override
    public String toString() {
        return "EntryOptions[ttl=" + ttl + "]";
    }
}
