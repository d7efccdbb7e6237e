package dev.reactivecache;

import dev.reactivecache.entry.Entry;
import dev.reactivecache.entry.Entry.From;
import dev.reactivecache.entry.Mark;
import dev.reactivecache.flight.Flight;
import dev.reactivecache.policy.Lifetimes;
import dev.reactivecache.remote.NewValue;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Where this node keeps what one miss brought: in memory while the stream of changes is live, or nowhere. */
final class Keeping<K, V> {
    private final RemoteMissPath<K, V> path;
    private final Flight<Entry<V>> flight;
    private final K key;

    Keeping(RemoteMissPath<K, V> path, Flight<Entry<V>> flight, K key) {
        this.path = path;
        this.flight = flight;
        this.key = key;
    }

    /** Keeps a copy, where the mode has one kept; by default unless a gap came since the flight was opened. */
    Entry<V> copy(Entry<V> entry) {
        boolean keeps = switch (path.mode) {
            case BOUNDED, VALIDATED, LOCAL_ONLY -> isLive();
            case AVAILABLE -> true; // what was kept without a live stream is compared once there is one
            case REMOTE_ONLY -> false;
        };
        if (keeps) {
            path.local.keep(key, flight, entry);
        }
        return entry;
    }

    /** Keeps what the remote tier has confirmed. */
    Entry<V> confirmed(Entry<V> mine, long latestExpiryNanos) {
        Entry<V> confirmed = mine.checkedIn(flight.epoch(), latestExpiryNanos);
        path.local.keep(key, flight, confirmed);
        return confirmed;
    }

    /** Keeps on keeping what nobody was there to confirm. */
    Entry<V> unchecked(Entry<V> mine) {
        path.local.keep(key, flight, mine);
        return mine.unchecked();
    }

    /** Keeps a copy of what the remote tier has just stored. */
    Entry<V> filled(Loading.Loaded<V> loaded, long stamp, long storedAt, NewValue stored) {
        long here = path.lifetimes.drawLocalNanos(stored.ttl().toNanos(), ThreadLocalRandom.current());
        byte[] payload = stored.payload();
        int weight = payload == null ? Entry.UNWEIGHED : payload.length;
        return copy(entry(loaded, stamp, storedAt, here, stored.mark(), weight));
    }

    /** For a value that no invalidation can void remotely: the flight's future is the fence, as for every local copy. */
    Entry<V> hereOnly(Loading.Loaded<V> loaded) {
        Lifetimes lifetimes = path.lifetimes;
        boolean forgotten = loaded.isAbsent() && !lifetimes.keepsAbsence();
        if (forgotten
                || !loaded.stored()
                || path.generations.isPending(loaded.options().tags())) {
            return unkept(loaded);
        }
        var random = ThreadLocalRandom.current();
        long life = lifetimes.drawLocalNanos(
                lifetimes.drawNanos(loaded.isAbsent(), loaded.options().ttl(), random), random);
        return copy(entry(loaded, Entry.UNSTAMPED, path.timer.now(), life, null, Entry.UNWEIGHED));
    }

    Entry<V> nowhere(Loading.Loaded<V> loaded) {
        return unkept(loaded);
    }

    private Entry<V> unkept(Loading.Loaded<V> loaded) {
        return entry(loaded, Entry.UNSTAMPED, path.timer.now(), 0, null, Entry.UNWEIGHED);
    }

    private Entry<V> entry(
            Loading.Loaded<V> loaded, long stamp, long storedAt, long life, @Nullable Mark mark, int weight) {
        var watches = path.local.watch(loaded.options().tags());
        return new Entry<>(
                loaded.value(), stamp, storedAt, storedAt + life, From.SOURCE, flight.epoch(), mark, watches, weight);
    }

    /** Whether what is kept now would be answered from memory. */
    boolean isLive() {
        return flight.epoch().isLive();
    }

    /** Puts the flight back in its place, from which the word that it waited for has taken it. */
    void standAgain() {
        if (isLive()) {
            path.local.open(key, null, flight);
        }
    }
}
