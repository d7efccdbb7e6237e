package dev.reactivecache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which invalidations the remote tier has yet to acknowledge, at one moment.
 *
 * @param pending of how many keys; this node answers them neither from memory nor from the remote tier
 * @param oldest for how long the one has waited that has waited longest, or null if there is none
 * @param full whether there is room for no more, so that another invalidation that fails turns all into one of the
 *     whole cache
 * @param tags of how many tags besides; this node neither answers nor stores their entries
 * @param wholeCache whether a clear is among them, asked for or because of too many others: this node then answers
 *     nothing from the remote tier, and stores nothing
 */
public record RecoveryHealth(int pending, @Nullable Duration oldest, boolean full, int tags, boolean wholeCache) {

    /** Of keys alone. */
    public RecoveryHealth(int pending, @Nullable Duration oldest, boolean full) {
        this(pending, oldest, full, 0, false);
    }

    /** How many invalidations there are together: of keys, of tags, and of the whole cache. */
    public int total() {
        return pending + tags + (wholeCache ? 1 : 0);
    }

    /** Nothing is pending. */
    public static final RecoveryHealth NOTHING_PENDING = new RecoveryHealth(0, null, false);
}
