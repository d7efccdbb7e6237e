package dev.reactivecache.internal.entry;

/** Shows the entries of one tag whether that tag has been invalidated since they came. */
public final class TagWatch {
    private volatile boolean over;

    /** Whether the tag has not been invalidated. */
    public boolean stands() {
        return !over;
    }

    /** Notes that the tag has been invalidated. */
    public void end() {
        over = true;
    }
}
