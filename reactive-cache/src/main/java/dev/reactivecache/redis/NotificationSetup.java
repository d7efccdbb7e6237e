package dev.reactivecache.redis;

/**
 * What to do about a Redis whose {@code notify-keyspace-events} lacks flags that the stream needs ({@code Eg$xe}).
 * Flags that are there are never taken away.
 */
public enum NotificationSetup {
    /** Add them where the address is a loopback one, else leave the setting alone. The default. */
    ADD_MISSING_ON_LOOPBACK,
    /** Add them with {@code CONFIG SET}; that takes the right to do so, and lasts until the server restarts. */
    ADD_MISSING,
    /** Leave the setting alone; until it is changed, the local tiers ask Redis before each answer. */
    LEAVE
}
