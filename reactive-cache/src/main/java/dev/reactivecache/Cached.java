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
 * @param freshness whether its time to live has ended, and why it is given all the same
 * @param staleFor how long ago that ended; zero if it is {@linkplain Freshness#FRESH fresh}
 */
public record Cached<V>(
        @Nullable V value, Origin origin, Duration age, Duration remainingTtl, Freshness freshness, Duration staleFor) {

    /** Whether the time to live of an answer has ended, and why it is given all the same. */
    public enum Freshness {
        /** It has not. */
        FRESH,
        /** It is being loaded anew, or will be: {@link ReactiveCacheBuilder#staleWhileRevalidate}. */
        REVALIDATING,
        /** Loading it anew has failed: {@link ReactiveCacheBuilder#staleIfError}. */
        STALE_ON_ERROR,
        /** Loading it anew takes too long: {@link ReactiveCacheBuilder#softTimeout}. */
        STALE_ON_TIMEOUT
    }

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
        Objects.requireNonNull(freshness, "freshness");
        Objects.requireNonNull(staleFor, "staleFor");
    }

    /** One that is fresh. */
    public Cached(@Nullable V value, Origin origin, Duration age, Duration remainingTtl) {
        this(value, origin, age, remainingTtl, Freshness.FRESH, Duration.ZERO);
    }

    /** Whether the source is known to have no value. */
    public boolean isAbsent() {
        return value == null;
    }
}
