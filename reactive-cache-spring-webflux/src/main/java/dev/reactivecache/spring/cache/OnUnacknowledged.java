package dev.reactivecache.spring.cache;

/**
 * What becomes of a call of an annotated method whose change of the cache the remote tier has not acknowledged. The
 * method's own work is done then, and the invalidation is kept, and sent again until it is acknowledged.
 */
enum OnUnacknowledged {
    /** The caller gets what the method returned; the log has a warning. */
    LOG,
    /** The caller gets the error. */
    FAIL
}
