package dev.reactivecache.redis;

/** How a tier hears of changes. What the sources differ in stands in {@code docs/redis.md}. */
public enum ChangeSource {
    /**
     * Keyspace notifications. Redis must be set to send them, see {@link NotificationSetup}, and the user must have the
     * right to their channels; until then the local tiers ask Redis before each answer.
     */
    EVENTS,
    /**
     * RESP3 client tracking in broadcast mode. Needs no setting and no right to channels, but announces the toolkit's
     * own bookkeeping, too. Not for a Redis Cluster.
     */
    TRACKING,
    /**
     * Keyspace notifications; where Redis refuses them, or does not send any, tracking, until the tier is closed. On a
     * Redis Cluster as {@link #EVENTS}. The default.
     */
    EVENTS_OR_TRACKING
}
