package dev.reactivecache.internal.miss;

import dev.reactivecache.Coalescing;
import java.time.Duration;

/**
 * On what terms a node that loads has the right to fill a key, and others wait for it.
 *
 * @param coalescing whether they wait at all
 * @param length for how long it has the right, unless it renews it
 * @param patience the most that others wait
 */
public record LeaseTerms(Coalescing coalescing, Duration length, Duration patience) {
    private static final int RENEWALS = 3;

    /** How often the right is renewed while the load runs. */
    Duration renewalPeriod() {
        return length.dividedBy(RENEWALS);
    }

    boolean othersWait() {
        return coalescing == Coalescing.CLUSTER;
    }
}
