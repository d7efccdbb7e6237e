package dev.reactivecache;

/** What becomes of a load whose callers have all cancelled. */
public enum OnAbandon {
    /** It is cancelled, and nothing is stored. The default. */
    CANCEL_LOAD,
    /** It goes on, within its timeout, and fills the cache. */
    FINISH_LOAD
}
