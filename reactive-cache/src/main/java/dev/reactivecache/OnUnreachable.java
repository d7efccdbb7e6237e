package dev.reactivecache;

/** What becomes of a write-through when the remote tier cannot be told that it begins. */
public enum OnUnreachable {
    /** It errors, and the source is not touched. The default. */
    REFUSE_WRITE,
    /**
     * The source is written, and the key's invalidation is kept and sent until it is acknowledged. Until then other
     * nodes may answer what was there before; this one loads.
     */
    WRITE_AND_RECOVER
}
