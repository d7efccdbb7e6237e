package dev.reactivecache.internal.local;

import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.remote.Epoch;

/** A flight that fetches a key's entry, and leaves the table of flights when it is done. */
public final class KeyFlight<K, V> extends Flight<Entry<V>> {
    private final LocalStore<K, V> local;
    private final K key;

    /** As {@link Flight}, at where the store's fence stands now. */
    public KeyFlight(
            LocalStore<K, V> local,
            K key,
            Seat<Entry<V>> first,
            boolean loads,
            boolean outlivesCallers,
            Epoch epoch,
            long openedAtNanos) {
        super(first, loads, outlivesCallers, epoch, openedAtNanos, local.fence());
        this.local = local;
        this.key = key;
    }

    @Override
    protected void onDone() {
        local.detach(key, this);
    }
}
