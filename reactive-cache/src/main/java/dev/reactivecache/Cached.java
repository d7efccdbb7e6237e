package dev.reactivecache;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@linkplain ReactiveCache#lookup lookup}: a value, or that there is none, with its origin and age.
 *
 * @param value the value, or null if the source has none
 * @param origin what answered
 * @param age how long ago the value was loaded, in this node's or Redis's own clock, never a difference of two; zero
 *     for a value that was loaded for this very answer
 * @param remainingTtl how much longer this node may serve it without asking; zero if it keeps no copy
 */
public record Cached<V>(@Nullable V value, Origin origin, Duration age, Duration remainingTtl) {

    /** What answered a lookup. */
    public enum Origin {
        /** This node's own copy. */
        LOCAL,
        /** This node's own copy, with nobody to confirm it: only with {@link CacheMode#AVAILABLE}. It may be stale. */
        LOCAL_UNCHECKED,
        /** The remote tier, or this node's own copy after the remote tier confirmed it. */
        REMOTE,
        /** The loader. */
        LOADER
    }

    /** Checks its parts. */
    public Cached {
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(age, "age");
        Objects.requireNonNull(remainingTtl, "remainingTtl");
    }

    /** Whether the source is known to have no value. */
    public boolean isAbsent() {
        return value == null;
    }
}
