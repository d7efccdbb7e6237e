package dev.reactivecache.internal.miss;

import dev.reactivecache.internal.change.ModeRules;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.entry.Entry.From;
import dev.reactivecache.internal.entry.Life;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.load.LoadResult;
import dev.reactivecache.remote.Mark;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteState;
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

    /** Keeps a copy of what may be answered while this flight loads it anew. */
    Entry<V> copyBeside(Entry<V> entry) {
        if (reads.tier.rules().keepsCopies() && isLive()) {
            reads.local.keepBeside(key, flight, entry);
        }
        return entry;
    }

    /** The same entry, which the remote tier has confirmed. Its copy ends no later than before. */
    Entry<V> confirmed(Entry<V> mine, RemoteState.Value value, long askedAt) {
        return mine.checkedIn(flight.epoch(), reads.lives.told(value, askedAt, mine.usefulUntilNanos() - askedAt));
    }

    /** The same entry, whose times have moved, as the remote tier has said. */
    Entry<V> moved(Entry<V> mine, RemoteState.Value value, long askedAt) {
        return mine.checkedIn(flight.epoch(), reads.lives.told(value, askedAt));
    }

    /** Keeps an entry that could not be confirmed. */
    Entry<V> unchecked(Entry<V> mine) {
        reads.local.keep(key, flight, mine);
        return mine.unchecked();
    }

    /** Keeps a copy of what the remote tier has just stored. */
    Entry<V> filled(LoadResult<V> loaded, long stamp, long storedAt, NewValue stored) {
        Life life = reads.lives.copied(storedAt, stored.ttl(), stored.windows(), loaded.tookNanos());
        byte[] payload = stored.payload();
        int weight = payload == null ? Entry.UNWEIGHED : payload.length;
        return copy(entry(loaded, stamp, storedAt, life, stored.mark(), weight));
    }

    /**
     * For a value that no invalidation can void remotely: the flight's future is the fence, as for every local copy.
     */
    Entry<V> hereOnly(LoadResult<V> loaded) {
        boolean forgotten = loaded.isAbsent() && !reads.lives.keepsAbsence();
        if (forgotten
                || !loaded.stored()
                || reads.tier.repairs().isEndPending(loaded.options().tags())) {
            return unkept(loaded);
        }
        long now = reads.timer.now();
        Life life = reads.lives.hereOnly(now, loaded.isAbsent(), loaded.options(), loaded.tookNanos());
        return copy(entry(loaded, Entry.UNSTAMPED, now, life, null, Entry.UNWEIGHED));
    }

    Entry<V> nowhere(LoadResult<V> loaded) {
        return unkept(loaded);
    }

    private Entry<V> unkept(LoadResult<V> loaded) {
        long now = reads.timer.now();
        return entry(loaded, Entry.UNSTAMPED, now, Life.until(now), null, Entry.UNWEIGHED);
    }

    private Entry<V> entry(
            LoadResult<V> loaded, long stamp, long storedAt, Life life, @Nullable Mark mark, int weight) {
        var watches = reads.local.watch(loaded.options().tags());
        return new Entry<>(
                loaded.value(),
                stamp,
                storedAt,
                life,
                From.SOURCE,
                flight.epoch(),
                new Entry.Scope(mark, watches),
                weight);
    }

    /** What is kept of the key is of no use any more; the flight goes on. */
    void dropBeside() {
        reads.local.dropBeside(key, flight);
    }

    /** What is kept of the key is of no use any more, and nothing takes its place. */
    void keepNothing() {
        reads.local.keepNothing(key, flight);
    }

    /**
     * Whether nothing has been heard of since the flight was opened that changes the key, or ends a tag of the entry.
     */
    boolean stillStands(Entry<V> entry) {
        return reads.local.flight(key) == flight && !reads.local.isOver(entry, flight.fence());
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
