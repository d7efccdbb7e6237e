package dev.reactivecache.redis;

import dev.reactivecache.entry.Epoch;

/** The epoch that now is, of several streams together. */
final class SharedEpoch {
    private final Epoch none;
    private volatile Epoch epoch;

    SharedEpoch(long boundNanos) {
        none = Epoch.none(boundNanos);
        epoch = none;
    }

    Epoch now() {
        return epoch;
    }

    /** What is there while none is. */
    Epoch none() {
        return none;
    }

    /** Begins one, unless one is there. */
    synchronized void begin(long boundNanos, long heardAtNanos) {
        if (epoch == none) {
            epoch = Epoch.bounded(boundNanos, heardAtNanos);
        }
    }

    /** Ends the one that is there; false if none is. */
    synchronized boolean end() {
        Epoch left = epoch;
        epoch = none;
        left.end();
        return left != none;
    }
}
