package dev.reactivecache.internal.read;

import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.flight.Flight.Seat;
import reactor.core.Disposable;

/** Where a reader sits: it is left by disposing of it. */
final class Place<V> implements Disposable {
    private final Flight<Entry<V>> flight;
    private final Seat<Entry<V>> seat;

    Place(Flight<Entry<V>> flight, Seat<Entry<V>> seat) {
        this.flight = flight;
        this.seat = seat;
    }

    @Override
    public void dispose() {
        flight.leave(seat);
    }

    /** Leaves, and has the flight go on though nobody be left; false if it has called already. */
    boolean leaveRunning() {
        return flight.leaveRunning(seat);
    }
}
