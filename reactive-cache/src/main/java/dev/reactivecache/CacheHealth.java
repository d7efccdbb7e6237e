package dev.reactivecache;

import dev.reactivecache.remote.RemoteHealth;
import org.jspecify.annotations.Nullable;

/**
 * How a cache is at one moment.
 *
 * @param cache its name
 * @param status in one word
 * @param remote how its remote tier is for this cache, or null if it has none
 * @param recovery which invalidations the remote tier has yet to acknowledge
 * @param stale that it answers with values whose time to live has ended because its source fails or is slow, or null
 */
public record CacheHealth(
        String cache,
        Status status,
        @Nullable RemoteHealth remote,
        RecoveryHealth recovery,
        @Nullable StaleHealth stale) {

    /** A cache's state in one word. */
    public enum Status {
        /** All tiers work. */
        UP,
        /**
         * The remote tier works, but its word of changes does not arrive, so every read asks it; or it has another
         * problem, such as that it is full, so that what it has not is loaded each time, or that values of some class
         * cannot be read back, so that they stay in memory alone; or there are invalidations that it has yet to
         * acknowledge, and reads of those keys load; or values are answered whose time to live has ended, because their
         * source fails or is slow.
         */
        DEGRADED,
        /** The remote tier cannot be reached: every read loads. */
        DISCONNECTED,
        /** The cache has been closed. */
        CLOSED
    }
}
