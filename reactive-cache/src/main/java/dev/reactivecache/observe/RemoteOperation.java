package dev.reactivecache.observe;

/** What a cache asks of its remote tier. */
public enum RemoteOperation {
    /** Reads a value. */
    READ,
    /** Reads all but the value, to compare it with what is in memory. */
    INSPECT,
    /** Asks for the right to fill a key. */
    LEASE,
    /** Asks for the right to replace a value that can still be answered. */
    REFRESH,
    /** Prolongs that right while the load runs. */
    RENEW,
    /** Stores a loaded value. */
    FILL,
    /** Gives a value that has not changed in the source a new life. */
    EXTEND,
    /** Gives the right to fill back. */
    RELEASE,
    /** Gives it back after a load that failed, and lets nobody refresh the value for a while. */
    REST,
    /** Gives it back, and deletes the value that the source has no longer. */
    REMOVE,
    /** Drops a key on every node. */
    INVALIDATE,
    /** Asks which tags, or whether the whole cache, have been invalidated. */
    GENERATION,
    /** Invalidates a tag, or the whole cache. */
    END_GENERATION,
    /** Begins a write-through. */
    BEGIN_WRITE,
    /** Ends a write-through. */
    END_WRITE,
    /** Stores a value as it is. */
    PUT
}
