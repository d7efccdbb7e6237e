package dev.reactivecache.internal.policy;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long entries live in each tier. Pure: the same draw of {@code random} gives the same answer.
 *
 * @param ttl of a value in the remote tier, and of an in-memory cache's values
 * @param absentTtl of the knowledge that the source has no value, or null if that is not kept
 * @param localTtl the most that the local tier keeps anything
 * @param jitter taken off every time to live, in each tier anew
 */
public record Lifetimes(Duration ttl, @Nullable Duration absentTtl, Duration localTtl, Jitter jitter) {

    /** Whether the knowledge that the source has no value is kept at all. */
    public boolean keepsAbsence() {
        return absentTtl != null;
    }

    /** The life of a newly loaded value, or of its absence, before the local tier's limit; at least a millisecond. */
    public long drawNanos(boolean absent, @Nullable Duration own, RandomGenerator random) {
        Duration whole = own != null ? own : absent && absentTtl != null ? absentTtl : ttl;
        return Math.max(1_000_000, jitter.apply(whole.toNanos(), random));
    }

    /**
     * The life of a copy in the local tier of something that has {@code remainingNanos} left: jittered once more, so
     * that copies on many nodes do not end at one moment, and never longer than what it is a copy of.
     */
    public long drawLocalNanos(long remainingNanos, RandomGenerator random) {
        return jitter.apply(Math.min(remainingNanos, localTtl.toNanos()), random);
    }
}
