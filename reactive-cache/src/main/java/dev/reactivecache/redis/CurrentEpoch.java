package dev.reactivecache.redis;

import dev.reactivecache.remote.Epoch;
import java.time.Duration;

/** The epoch that now is: live, or, between two of those, one that is not. */
final class CurrentEpoch {
    private final long boundNanos;
    private volatile Epoch epoch;

    CurrentEpoch(Duration stalenessBound) {
        boundNanos = stalenessBound.toNanos();
        epoch = Epoch.none(boundNanos);
    }

    Epoch now() {
        return epoch;
    }

    /** Begins a live one, unless there is one. */
    synchronized void begin(long heardAtNanos) {
        if (!epoch.isLive()) {
            epoch = Epoch.bounded(boundNanos, heardAtNanos);
        }
    }

    /**
     * Ends the live one; false if there is none. What follows is an epoch of its own, so that a read from then on joins
     * no flight from before.
     */
    synchronized boolean end() {
        Epoch left = epoch;
        if (!left.isLive()) {
            return false;
        }
        epoch = Epoch.none(boundNanos);
        left.end();
        return true;
    }
}
