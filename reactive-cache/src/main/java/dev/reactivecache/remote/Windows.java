package dev.reactivecache.remote;

import java.time.Duration;

/**
 * For what a value may be used after the end of its ttl, and for how long. Each counts from that end, and none depends
 * on another. They are for values only: the knowledge that the source has none is of no use once its ttl has ended.
 *
 * @param revalidate it may be served while it is refreshed
 * @param error it may be served if the source fails
 * @param keep it is handed to whatever refreshes it, and never served
 */
public record Windows(Duration revalidate, Duration error, Duration keep) {
    /** A value that is of no use after its ttl. */
    public static final Windows NONE = new Windows(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** The longest: when it has ended, nothing of the value is left. */
    public Duration longest() {
        Duration serving = revalidate.compareTo(error) > 0 ? revalidate : error;
        return serving.compareTo(keep) > 0 ? serving : keep;
    }
}
