package dev.reactivecache.observe;

/** Why a key that may still be answered is loaded anew. */
public enum RefreshCause {
    /** A read found that its time to live had ended. */
    STALE,
    /** A read found that its time to live would end soon. */
    EARLY,
    /** The application asked for it. */
    MANUAL
}
