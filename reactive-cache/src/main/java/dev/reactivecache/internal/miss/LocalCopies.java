package dev.reactivecache.internal.miss;

import dev.reactivecache.internal.change.ModeRules;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.entry.Entry.From;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.load.LoadResult;
import dev.reactivecache.internal.policy.Lifetimes;
import dev.reactivecache.remote.Mark;
import dev.reactivecache.remote.NewValue;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Where this node keeps what one miss brought: in memory while the stream of changes is live, or nowhere. */
final class LocalCopies<K, V> {
    private final TierReads<K, V> reads;
    private final Flight<Entry<V>> flight;
    private final K key;

    LocalCopies(TierReads<K, V> reads, Flight<Entry<V>> flight, K key) {
        this.reads = reads;
        this.flight = flight;
        this.key = key;
    }

    /**
     * Keeps a copy, where the mode has one kept: by default unless a gap came since the flight was opened. What is kept
     * without a live stream is compared once there is one.
     */
    Entry<V> copy(Entry<V> entry) {
        ModeRules rules = reads.tier.rules();
        if (rules.keepsCopies() && (isLive() || rules.trustsSilence())) {
            reads.local.keep(key, flight, entry);
        }
        return entry;
    }

    /** Keeps what the remote tier has confirmed. */
    Entry<V> confirmed(Entry<V> mine, long latestExpiryNanos) {
        Entry<V> confirmed = mine.checkedIn(flight.epoch(), latestExpiryNanos);
        reads.local.keep(key, flight, confirmed);
        return confirmed;
    }

    /** Keeps an entry that could not be confirmed. */
    Entry<V> unchecked(Entry<V> mine) {
        reads.local.keep(key, flight, mine);
        return mine.unchecked();
    }

    /** Keeps a copy of what the remote tier has just stored. */
    Entry<V> filled(LoadResult<V> loaded, long stamp, long storedAt, NewValue stored) {
        long here = reads.lifetimes.drawLocalNanos(stored.ttl().toNanos(), ThreadLocalRandom.current());
        byte[] payload = stored.payload();
        int weight = payload == null ? Entry.UNWEIGHED : payload.length;
        return copy(entry(loaded, stamp, storedAt, here, stored.mark(), weight));
    }

    /**
     * For a value that no invalidation can void remotely: the flight's future is the fence, as for every local copy.
     */
    Entry<V> hereOnly(LoadResult<V> loaded) {
        Lifetimes lifetimes = reads.lifetimes;
        boolean forgotten = loaded.isAbsent() && !lifetimes.keepsAbsence();
        if (forgotten
                || !loaded.stored()
                || reads.tier.repairs().isEndPending(loaded.options().tags())) {
            return unkept(loaded);
        }
        var random = ThreadLocalRandom.current();
        long life = lifetimes.drawLocalNanos(
                lifetimes.drawNanos(loaded.isAbsent(), loaded.options().ttl(), random), random);
        return copy(entry(loaded, Entry.UNSTAMPED, reads.timer.now(), life, null, Entry.UNWEIGHED));
    }

    Entry<V> nowhere(LoadResult<V> loaded) {
        return unkept(loaded);
    }

    private Entry<V> unkept(LoadResult<V> loaded) {
        return entry(loaded, Entry.UNSTAMPED, reads.timer.now(), 0, null, Entry.UNWEIGHED);
    }

    private Entry<V> entry(
            LoadResult<V> loaded, long stamp, long storedAt, long life, @Nullable Mark mark, int weight) {
        var watches = reads.local.watch(loaded.options().tags());
        return new Entry<>(
                loaded.value(),
                stamp,
                storedAt,
                storedAt + life,
                From.SOURCE,
                flight.epoch(),
                new Entry.Scope(mark, watches),
                weight);
    }

    /** Whether what is kept now would be answered from memory. */
    boolean isLive() {
        return flight.epoch().isLive();
    }

    /** Puts the flight back in its place, from which the word that it waited for has taken it. */
    void standAgain() {
        if (isLive()) {
            reads.local.open(key, null, flight);
        }
    }
}
