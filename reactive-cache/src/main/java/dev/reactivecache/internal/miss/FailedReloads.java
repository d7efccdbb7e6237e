package dev.reactivecache.internal.miss;

import dev.reactivecache.internal.entry.Ends;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.internal.policy.RefreshBackoff;
import dev.reactivecache.internal.policy.StaleTerms;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.remote.Epoch;

/**
 * What becomes of what is kept of a key when loading it anew has failed: it is not loaded anew for a while, or, if such
 * a failure is not to be covered up, it goes.
 */
final class FailedReloads<K, V> {
    private final LocalStore<K, V> local;
    private final StaleTerms terms;
    private final TimeSource timer;

    FailedReloads(LocalStore<K, V> local, StaleTerms terms, TimeSource timer) {
        this.local = local;
        this.terms = terms;
        this.timer = timer;
    }

    boolean covers(Throwable failure) {
        return terms.covers(failure);
    }

    RefreshBackoff backoff() {
        return terms.backoff();
    }

    /** A load over what is kept has failed. */
    void note(Flight<Entry<V>> flight, K key, Entry<V> kept, Throwable failure) {
        if (covers(failure)) {
            int before = failuresOf(kept);
            long pause = terms.backoff().drawNanos(before, timer.random());
            local.replace(key, kept, resting(kept, pause, before + 1));
        } else {
            local.keepNothing(key, flight);
        }
    }

    /** Others load the key, or cannot be asked: it is not asked for again for so long. */
    void leave(K key, Entry<V> kept, long nanos) {
        local.replace(key, kept, resting(kept, nanos, 0));
    }

    /** The same entry, of which the remote tier says that others have failed to load it, and when that may be tried. */
    Entry<V> failedElsewhere(Entry<V> kept, Epoch epoch, long nanos) {
        Entry<V> resting = resting(kept, nanos, Math.max(1, failuresOf(kept)));
        return resting.checkedIn(epoch, resting.life());
    }

    private Entry<V> resting(Entry<V> kept, long nanos, int failures) {
        return kept.resting(new Ends.Rest(timer.now() + nanos, failures));
    }

    private static int failuresOf(Entry<?> kept) {
        Ends ends = kept.ends();
        return ends == null ? 0 : ends.failures();
    }
}
