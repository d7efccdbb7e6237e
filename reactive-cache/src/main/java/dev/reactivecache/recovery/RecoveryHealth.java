package dev.reactivecache.recovery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which invalidations the remote tier has yet to acknowledge, at one moment.
 *
 * @param pending of how many keys; this node answers them neither from memory nor from the remote tier
 * @param oldest for how long the one has waited that has waited longest, or null if there is none
 * @param full whether there is room for no more, so that another invalidation that fails is not kept
 */
public record RecoveryHealth(int pending, @Nullable Duration oldest, boolean full) {
    /** Nothing is pending. */
    public static final RecoveryHealth NOTHING_PENDING = new RecoveryHealth(0, null, false);
}
