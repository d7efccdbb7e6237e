package dev.reactivecache.remote;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is to be stored in a remote tier.
 *
 * @param payload the encoded value, or null for the knowledge that the source has none
 * @param ttl how long it is fresh
 * @param windows what it may be used for after that; disregarded if there is no payload
 * @param loadTime how long the source took
 * @param mark the generations that it belongs to, or null for those of a region that was never cleared
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record NewValue(
        byte @Nullable [] payload,
        Duration ttl,
        Windows windows,
        Duration loadTime,
        @Nullable Mark mark) {

    /** One that is of no use after its ttl. */
    public NewValue(byte @Nullable [] payload, Duration ttl, Duration loadTime, @Nullable Mark mark) {
        this(payload, ttl, Windows.NONE, loadTime, mark);
    }

    /** The same, which belongs to the generations of a region that was never cleared. */
    public NewValue(byte @Nullable [] payload, Duration ttl, Duration loadTime) {
        this(payload, ttl, loadTime, null);
    }
}
