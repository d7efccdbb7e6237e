package dev.reactivecache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * That a cache answers, or did within the last minute, with values whose time to live has ended, because loading them
 * anew fails or takes too long.
 *
 * @param since how long ago that began
 * @param oldest for how long the oldest of these answers had been stale
 * @param cause the first failure of the source that it knows of, in words, or null
 */
public record StaleHealth(
        Duration since, Duration oldest, @Nullable String cause) {}
