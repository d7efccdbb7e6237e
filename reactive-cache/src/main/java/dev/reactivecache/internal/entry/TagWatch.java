package dev.reactivecache.internal.entry;

/** Shows the entries of one tag whether that tag has been invalidated since they came. */
public final class TagWatch {
    private final String tag;
    private volatile boolean over;

    /** Watches a tag from now on. */
    public TagWatch(String tag) {
        this.tag = tag;
    }

    /** The tag. */
    public String tag() {
        return tag;
    }

    /** Whether the tag has not been invalidated. */
    public boolean stands() {
        return !over;
    }

    /** Notes that the tag has been invalidated. */
    public void end() {
        over = true;
    }
}
