package dev.reactivecache;

import dev.reactivecache.remote.RemoteHealth;
import org.jspecify.annotations.Nullable;

/**
 * How a cache is at one moment.
 *
 * @param cache its name
 * @param status in one word
 * @param remote how its remote tier is, or null if it has none
 */
public record CacheHealth(
        String cache, Status status, @Nullable RemoteHealth remote) {

    /** A cache's state in one word. */
    public enum Status {
        /** All tiers work. */
        UP,
        /** The remote tier works, but its word of changes does not arrive: every read asks it. */
        DEGRADED,
        /** The remote tier cannot be reached: every read loads. */
        DISCONNECTED,
        /** The cache has been closed. */
        CLOSED
    }

    static CacheHealth of(String cache, boolean closed, @Nullable RemoteHealth remote) {
        return new CacheHealth(cache, closed ? Status.CLOSED : statusOf(remote), remote);
    }

    private static Status statusOf(@Nullable RemoteHealth remote) {
        if (remote == null) {
            return Status.UP;
        }
        if (!remote.connected()) {
            return Status.DISCONNECTED;
        }
        return remote.streamLive() ? Status.UP : Status.DEGRADED;
    }
}
