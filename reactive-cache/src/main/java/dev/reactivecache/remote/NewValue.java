package dev.reactivecache.remote;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is to be stored in a remote tier.
 *
 * @param payload the encoded value, or null for the knowledge that the source has none
 * @param ttl how long it may be served
 * @param loadTime how long the source took
 * @param mark the generations that it belongs to, or null for those of a region that was never cleared
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record NewValue(
        byte @Nullable [] payload,
        Duration ttl,
        Duration loadTime,
        @Nullable Mark mark) {

    /** One that belongs to the generations of a region that was never cleared. */
    public NewValue(byte @Nullable [] payload, Duration ttl, Duration loadTime) {
        this(payload, ttl, loadTime, null);
    }
}
