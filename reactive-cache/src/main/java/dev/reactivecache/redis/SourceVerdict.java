package dev.reactivecache.redis;

/** What a failure says of the source of changes in use: whether the server serves it. */
enum SourceVerdict {
    /** It does not. */
    REFUSED,
    /** Perhaps it does not; a server that is slow looks the same. */
    DOUBTFUL,
    /** Nothing. */
    NONE
}
