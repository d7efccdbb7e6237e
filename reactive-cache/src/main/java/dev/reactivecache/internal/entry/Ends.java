package dev.reactivecache.internal.entry;

import org.jspecify.annotations.Nullable;

/**
 * When an entry that may be answered after its time to live, or loaded anew before, goes from one state to the next.
 * Moments are of this node's monotonic clock.
 *
 * @param fresh when its time to live ends
 * @param revalidate until when it may be answered while it is loaded anew
 * @param error until when it may be answered if loading it anew fails
 * @param copy until when this node answers it without asking the remote tier
 * @param tookNanos how long its load took
 * @param rest for how long it is not loaded anew, because that has failed; or null
 */
public record Ends(
        long fresh,
        long revalidate,
        long error,
        long copy,
        long tookNanos,
        @Nullable Rest rest) {

    /**
     * A pause after loads that failed, here or on another node.
     *
     * @param until when it ends
     * @param failures how many loads in a row have failed
     */
    public record Rest(long until, int failures) {}

    /** What may be done with the entry, by its age alone. */
    public enum State {
        /** It may be answered. */
        FRESH,
        /** It may be answered at once, and is to be loaded anew. */
        REVALIDATE,
        /** It may be answered only if loading it anew has failed, or takes too long. */
        ON_ERROR,
        /** It must not be answered. */
        OVER
    }

    /** In which state it is. */
    public State at(long nowNanos) {
        if (nowNanos - fresh < 0) {
            return State.FRESH;
        }
        if (nowNanos - revalidate < 0) {
            return State.REVALIDATE;
        }
        return nowNanos - error < 0 ? State.ON_ERROR : State.OVER;
    }

    /** Whether it is not to be loaded anew yet. */
    public boolean restsAt(long nowNanos) {
        return rest != null && nowNanos - rest.until() < 0;
    }

    /** How many loads of it in a row have failed. */
    public int failures() {
        return rest == null ? 0 : rest.failures();
    }

    /** When the last of its windows ends. */
    public long served() {
        long later = revalidate - error > 0 ? revalidate : error;
        return later - fresh > 0 ? later : fresh;
    }

    /** The same, with a pause. */
    public Ends resting(Rest pause) {
        return new Ends(fresh, revalidate, error, copy, tookNanos, pause);
    }

    /** The same for a copy that ends then, or with the last window. */
    Ends copiedUntil(long end) {
        long served = served();
        return new Ends(fresh, revalidate, error, end - served < 0 ? end : served, tookNanos, rest);
    }
}
