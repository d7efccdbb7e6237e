package dev.reactivecache.observe;

import java.time.Duration;
import reactor.util.context.ContextView;

/**
 * Hears what a cache does, beyond what its counters say. Hits in memory are not reported: read the counters for those.
 *
 * <p>Called at once, on whatever thread the event happens, several at a time: must be quick, must not block, and must
 * be thread-safe. The load or remote call that it hears of waits for it, and so does what else that thread has to do:
 * one that takes some milliseconds makes reads as slow. One that often takes a millisecond or more is named once in the
 * log. One that throws harms no read: its failure is counted, and the first is logged.
 */
public interface CacheObserver {

    /**
     * A loader is about to be asked, for one caller or for many who share its answer.
     *
     * @param context what the loader sees of the Reactor Context of the caller who began
     */
    default Watch onLoad(ContextView context) {
        return Watch.none();
    }

    /**
     * The remote tier is about to be asked.
     *
     * @param context the Reactor Context of the caller; empty for what the cache does on its own account
     */
    default Watch onRemote(RemoteOperation operation, ContextView context) {
        return Watch.none();
    }

    /**
     * A key that may still be answered is about to be loaded anew, with nobody waiting. The load itself is reported to
     * {@link #onLoad}, as any other. The watch ends with {@link Outcome#EMPTY} if the source has no value any more, or
     * if nothing was loaded because another node does that or has done it; with {@link Outcome#CANCELLED} if the cache
     * was closed.
     *
     * @param context the Reactor Context of the read that began it
     */
    default Watch onRefresh(RefreshCause cause, ContextView context) {
        return Watch.none();
    }

    /**
     * A caller was answered with a value whose time to live had ended.
     *
     * @param staleFor how long ago it had ended
     */
    default void onStale(StaleReason reason, Duration staleFor) {}

    /** A caller was answered on another's flight. */
    default void onCoalesced() {}

    /** The remote tier refused a loaded value, because its key had been invalidated meanwhile. */
    default void onRefusedFill() {}

    /** An entry in memory is about to be compared with the remote tier's before it is served again. */
    default void onCheck() {}

    /**
     * Changes may have been missed.
     *
     * @param reason why, for people
     */
    default void onGap(String reason) {}

    /**
     * Entries have been thrown out of memory for want of room.
     *
     * @param count how many, since this was last reported
     */
    default void onEvictions(int count) {}
}
