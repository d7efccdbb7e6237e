package dev.reactivecache.redis;

import dev.reactivecache.entry.Epoch;

/** The epoch that now is, of several streams together. */
final class SharedEpoch {
    private static final Epoch NONE = Epoch.none();

    private volatile Epoch epoch = NONE;

    Epoch now() {
        return epoch;
    }

    /** What is there while none is. */
    Epoch none() {
        return NONE;
    }

    /** Begins one, unless one is there. */
    synchronized void begin(long boundNanos, long heardAtNanos) {
        if (epoch == NONE) {
            epoch = Epoch.bounded(boundNanos, heardAtNanos);
        }
    }

    /** Ends the one that is there; false if none is. */
    synchronized boolean end() {
        Epoch left = epoch;
        epoch = NONE;
        left.end();
        return left != NONE;
    }
}
