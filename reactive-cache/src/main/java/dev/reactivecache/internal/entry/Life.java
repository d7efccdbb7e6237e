package dev.reactivecache.internal.entry;

import org.jspecify.annotations.Nullable;

/**
 * How long an entry lives on this node.
 *
 * @param calmUntil until when it is answered without another look at its age
 * @param ends what comes then; or null if it is over then
 */
public record Life(long calmUntil, @Nullable Ends ends) {

    /** One that is over at this moment. */
    public static Life until(long end) {
        return new Life(end, null);
    }

    /** One that has something after it: it is calm until the first of its ends, and {@code earlyNanos} before. */
    public static Life of(Ends ends, long earlyNanos) {
        long first = ends.fresh() - earlyNanos;
        return new Life(first - ends.copy() < 0 ? first : ends.copy(), ends);
    }
}
