package dev.reactivecache.observe;

/** Why a caller was answered with a value whose time to live had ended. */
public enum StaleReason {
    /** It is loaded anew meanwhile. */
    REVALIDATION,
    /** Loading it anew has failed. */
    ERROR,
    /** Loading it anew had failed a short while ago, and is not tried again yet. */
    BACKOFF,
    /** Loading it anew takes too long. */
    TIMEOUT
}
