package dev.reactivecache;

/** What a cache with a remote tier answers from memory, and what it keeps where. */
public enum CacheMode {
    /**
     * Memory answers what was current in the remote tier at some moment of its staleness bound; what it cannot be sure
     * of is compared with the remote tier first. The default.
     */
    BOUNDED,
    /**
     * Each answer from memory is compared with the remote tier first: one round trip without the payload, and no
     * staleness. Callers who come while a comparison is under way share its answer.
     */
    VALIDATED,
    /**
     * As {@link #BOUNDED}; and while the remote tier does not answer, copies that cannot be compared are answered until
     * their local time to live ends, instead of being loaded anew. {@link ReactiveCache#lookup} tells them apart.
     */
    AVAILABLE,
    /** Memory keeps nothing: every read asks the remote tier. Callers on a node share one question. */
    REMOTE_ONLY,
    /**
     * Values stay in the memory of the node that loaded them; the remote tier only has every node told of invalidations
     * and writes. A {@code put} only invalidates.
     */
    LOCAL_ONLY
}
