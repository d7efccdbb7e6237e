package dev.reactivecache.redis;

/** How the server that a connection is for came to be chosen. */
enum Deployment {
    /** By its address. */
    STANDALONE,
    /** By Sentinels, anew for each connection. */
    SENTINEL,
    /** As the owner of slots of a cluster. */
    CLUSTER
}
