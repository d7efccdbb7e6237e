package dev.reactivecache.internal.read;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.RecursiveLoadException;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.flight.Caller;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.flight.Flight.Boarding;
import dev.reactivecache.internal.flight.Flight.Seat;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.remote.Epoch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.util.context.ContextView;

/**
 * One read that memory did not answer: answered by the key's flight, which it joins or opens. There is one for each
 * read of the remote tier, and operators would cost more than the rest of it.
 *
 * @param <T> what the reader is handed of the entry
 */
abstract class FlightRead<K, V, T> extends Delivery<T> implements Caller<Entry<V>> {
    private static final Disposable CANCELLED = () -> {};

    private static final VarHandle PLACE;

    static {
        try {
            PLACE = MethodHandles.lookup().findVarHandle(FlightRead.class, "place", Disposable.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Reads<K, V> reads;
    private final K key;
    private final @Nullable Loader<K, V> loader;

    /** Where the reader waits, and how that is given up. */
    private volatile @Nullable Disposable place;

    private boolean joined;

    /** Where the fence stood when the flight was opened that was joined. */
    private long openedAtFence;

    /** Where it stood when the reader came. */
    private long joinedAtFence;

    FlightRead(Reads<K, V> reads, K key, @Nullable Loader<K, V> loader, CoreSubscriber<? super T> actual) {
        super(actual);
        this.reads = reads;
        this.key = key;
        this.loader = loader;
    }

    /** What the reader is handed, or null for nothing. */
    abstract @Nullable T of(Entry<V> entry);

    /** Subscribes: hands the subscription out, then begins. */
    final void begin() {
        actual.onSubscribe(this);
        go();
    }

    private void go() {
        if (isCancelled()) {
            return;
        }
        if (reads.life.isClosed()) {
            onFailure(reads.life.closedException());
            return;
        }
        try {
            Epoch epoch = reads.epochs.apply(key);
            while (!tryMapped(reads.local.flight(key), epoch)) {
                // somebody changed what the key stands for: look again
            }
        } catch (Throwable thrown) { // by code of users: the key's equality or codec, the policy of Contexts
            onFailure(thrown);
        }
    }

    /** Takes the way that fits what the key stands for; false if it no longer stands for that. */
    private boolean tryMapped(@Nullable Flight<Entry<V>> flight, Epoch epoch) {
        long now = reads.timer.now();
        if (flight != null && !flight.isDone()) {
            if (flight.epoch() != epoch || !flight.isSharedAt(now)) {
                reads.local.detach(key, flight); // what it reads may be from before a change that was not heard of
                return false;
            }
            boolean waitsForLoad = loader == null && flight.loads();
            return waitsForLoad ? askBeside() : join(flight);
        }
        if (flight != null) {
            reads.local.detach(key, flight); // it is about to go by itself
        }
        Entry<V> kept = reads.local.kept(key, now);
        if (kept != null && kept.answersAt(now)) {
            reads.counters.localHits.increment();
            deliver(of(kept));
            return true;
        }
        boolean useless = kept == null || kept.isExpired(now) || !kept.stands();
        return open(kept, useless ? null : kept, epoch, now);
    }

    /** @param comparable what is kept, if it may still be what the remote tier has */
    private boolean open(@Nullable Entry<V> kept, @Nullable Entry<V> comparable, Epoch epoch, long now) {
        ContextView context = actual.currentContext();
        ContextView seen = requireNonNull(reads.sharing.context().apply(context), "loaderContext returned null");
        Seat<Entry<V>> seat = Seat.of(this, context);
        Flight<Entry<V>> flight = new KeyFlight<>(reads, key, seat, loader != null, epoch, now);
        if (!reads.local.open(key, kept, flight)) {
            return false;
        }
        sit(flight, seat);
        flight.start(reads.misses.answer(flight, key, comparable, loader), seen);
        return true;
    }

    /** A flight that leaves the table when it is done. */
    private static final class KeyFlight<K, V> extends Flight<Entry<V>> {
        private final Reads<K, V> reads;
        private final K key;

        KeyFlight(Reads<K, V> reads, K key, Seat<Entry<V>> first, boolean loads, Epoch epoch, long now) {
            super(first, loads, reads.sharing.outlivesCallers(), epoch, now, reads.local.fence());
            this.reads = reads;
            this.key = key;
        }

        @Override
        protected void onDone() {
            reads.local.detach(key, this);
        }
    }

    private boolean join(Flight<Entry<V>> flight) {
        Seat<Entry<V>> seat = Seat.of(this, actual.currentContext());
        joinedAtFence = reads.local.fence();
        openedAtFence = flight.fence();
        joined = true; // before boarding, which calls back at once if the flight has ended
        Boarding boarding = flight.board(seat);
        if (boarding == Boarding.GONE) {
            joined = false;
            reads.local.detach(key, flight);
            return false;
        }
        if (boarding == Boarding.WITHIN) {
            joined = false;
            onFailure(new RecursiveLoadException(reads.life.cache(), key));
            return true;
        }
        sit(flight, seat);
        if (loader != null) {
            loader.othersLoad(key);
        }
        return true;
    }

    /** Others are loading, and this reader does not want to wait for a load. */
    private boolean askBeside() {
        Disposable asking = reads.misses
                .peek(key)
                .singleOptional()
                .subscribe(found -> onResult(found.orElse(null)), this::onFailure);
        if (!PLACE.compareAndSet(this, null, asking)) {
            asking.dispose();
        }
        return true;
    }

    /** Notes where the reader sits, unless that flight has called already: the reader may be on another one by now. */
    private void sit(Flight<Entry<V>> flight, Seat<Entry<V>> seat) {
        Disposable next = () -> flight.leave(seat);
        Disposable before = place;
        while (before != CANCELLED && seat.isTaken() && !PLACE.compareAndSet(this, before, next)) {
            before = place;
        }
        if (before == CANCELLED) {
            next.dispose();
        }
    }

    @Override
    public void onResult(@Nullable Entry<V> result) {
        if (result == null && loader != null) {
            joined = false;
            go(); // that flight asked only the tiers, which had nothing
            return;
        }
        if (joined && result != null && isFromBefore(result)) {
            joined = false;
            go();
            return;
        }
        if (joined) {
            reads.counters.coalesced();
        } else if (result == null) {
            reads.counters.misses.increment();
        }
        deliver(result == null ? null : of(result));
    }

    /** Whether a tag of what the flight brought was invalidated after it was opened, and before this reader came. */
    private boolean isFromBefore(Entry<V> result) {
        return joinedAtFence != openedAtFence && reads.local.isOver(result, openedAtFence);
    }

    @Override
    public void onFailure(Throwable failure) {
        if (joined) {
            reads.counters.coalesced();
        }
        fail(failure);
    }

    @Override
    final boolean isCancelled() {
        return place == CANCELLED;
    }

    @Override
    final void onCancel() {
        Disposable left = (Disposable) PLACE.getAndSet(this, CANCELLED);
        if (left != null) {
            left.dispose();
        }
    }
}
