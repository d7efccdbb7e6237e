package dev.reactivecache.remote;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a remote tier is at one moment.
 *
 * @param connected whether commands can be sent
 * @param streamLive whether word of changes arrives, so that the local tiers may answer
 * @param silence how long ago the stream last proved that it is alive, or null if it is not live
 * @param problem what is wrong, for people, or null; never a password
 */
public record RemoteHealth(
        boolean connected,
        boolean streamLive,
        @Nullable Duration silence,
        @Nullable String problem) {}
