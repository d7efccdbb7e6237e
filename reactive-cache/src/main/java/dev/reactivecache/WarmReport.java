package dev.reactivecache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a warming has got.
 *
 * @param found keys that have a value, which the cache now has
 * @param absent keys of which the source has none
 * @param failed keys that could not be read
 * @param took since it began
 * @param firstFailure of those keys, or null
 */
public record WarmReport(
        long found,
        long absent,
        long failed,
        Duration took,
        @Nullable Throwable firstFailure) {

    /** How many keys were tried. */
    public long keys() {
        return found + absent + failed;
    }
}
