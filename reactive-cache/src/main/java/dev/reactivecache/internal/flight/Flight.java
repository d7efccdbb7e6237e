package dev.reactivecache.internal.flight;

import dev.reactivecache.internal.time.Trampoline;
import dev.reactivecache.remote.Epoch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * One piece of work shared by all who ask for the same key while it runs: started once, counted by reference, cancelled
 * when its last caller has left.
 *
 * <p>While it runs it stands in the local tier's table of flights. Being there is what makes it joinable, and what lets
 * its result be kept; removing it leaves it to the callers it has.
 *
 * @param <T> what it brings
 */
public class Flight<T> {
    /** Stands where the newest seat does once nobody can take one any more. */
    private static final Seat<?> CLOSED = new Seat<>(null, null);

    /** Stands among those on board for one who never leaves. */
    private static final int NOBODY = 1 << 30;

    private final boolean loads;
    private final Epoch epoch;
    private final long openedAtNanos;
    private final long fence;
    private final Work work = new Work();

    /** Callers on board, and {@link #NOBODY} if the flight outlives them. Never rises again from zero. */
    private final AtomicInteger aboard;

    /** The newest seat, each linked to the one before it; the closed seat once the flight has ended. */
    private final AtomicReference<@Nullable Seat<T>> seats = new AtomicReference<>();

    private final WaitGraph waits = new WaitGraph(this::isDone);
    private volatile long token;
    private volatile boolean done;

    // written before seats is closed, and read by those who see that it is
    private ContextView seen = Context.empty();
    private @Nullable T result;
    private @Nullable Throwable failure;

    /**
     * Creates a flight with its first caller on board. Nothing starts before {@link #start}.
     *
     * @param first the seat of the caller who opens it
     * @param loads whether its work may ask the source
     * @param outlivesCallers whether it goes on when its last caller has left
     * @param epoch the epoch in which it is opened
     * @param openedAtNanos when that is, by the cache's clock
     * @param fence how many invalidations of many keys there had been by then
     */
    public Flight(Seat<T> first, boolean loads, boolean outlivesCallers, Epoch epoch, long openedAtNanos, long fence) {
        this.loads = loads;
        this.epoch = epoch;
        this.openedAtNanos = openedAtNanos;
        this.fence = fence;
        this.aboard = new AtomicInteger(outlivesCallers ? 1 | NOBODY : 1);
        this.seats.set(first);
        first.expect(waits);
    }

    /** Whether its work may ask the source. */
    public boolean loads() {
        return loads;
    }

    /** The epoch in which it was opened, before anything was sent for it. */
    public Epoch epoch() {
        return epoch;
    }

    /** When it was opened, by the cache's clock: just before its work begins. */
    public long openedAtNanos() {
        return openedAtNanos;
    }

    /**
     * How many invalidations of many keys there had been when it was opened: which tags it is about shows at its end.
     */
    public long fence() {
        return fence;
    }

    /**
     * Whether one who comes at {@code nowNanos} may have what it brings: not if changes may have been missed for too
     * long.
     */
    public boolean isSharedAt(long nowNanos) {
        return epoch.sharesAt(nowNanos, openedAtNanos);
    }

    /** It asks for the right to fill its key, under a token, and from then on uses nothing that it learnt before. */
    public void claim(long newToken) {
        token = newToken;
    }

    /** The token of its last {@link #claim}, or zero. */
    public long token() {
        return token;
    }

    /** Whether it has ended, or its last caller has left: nobody needs to find it any more. */
    public final boolean isDone() {
        return done;
    }

    /** Called when it is done, before those who wait are. */
    protected void onDone() {}

    private void finish() {
        done = true;
        onDone();
    }

    /** How {@link #board} ended. */
    public enum Boarding {
        /** The caller will be called, unless he leaves before. */
        ABOARD,
        /** The last caller had left, and the flight was cancelled: open another. */
        GONE,
        /** The caller is part of this flight's own work, and would wait for himself. */
        WITHIN
    }

    /** Takes a seat. A flight that has ended calls at once. */
    public Boarding board(Seat<T> seat) {
        int count;
        do {
            count = aboard.get();
            if (count == 0) {
                return Boarding.GONE;
            }
        } while (!aboard.compareAndSet(count, count + 1));
        if (!seat.expect(waits)) {
            leave(seat);
            return Boarding.WITHIN;
        }
        Seat<T> top;
        do {
            top = seats.get();
            if (top == CLOSED) {
                call(seat);
                return Boarding.ABOARD;
            }
            seat.previous = top;
        } while (!seats.compareAndSet(top, seat));
        return Boarding.ABOARD;
    }

    /** Gives a seat up; the last one to do so cancels the work. False if its caller was called, or had left, before. */
    public boolean leave(Seat<T> seat) {
        boolean taken = seat.vacate();
        if (taken && aboard.decrementAndGet() == 0) {
            finish();
            Trampoline.run(work::cancel);
        }
        return taken;
    }

    /** Gives a seat up, and has the work go on though it be the last. As {@link #leave} in all else. */
    public boolean leaveRunning(Seat<T> seat) {
        if (!seat.vacate()) {
            return false;
        }
        aboard.updateAndGet(count -> (count | NOBODY) - 1);
        return true;
    }

    /** Starts the work, in the given Context and as part of this flight. Called once, by the one who opened it. */
    public void start(Mono<? extends T> source, ContextView callers) {
        seen = callers;
        Trampoline.run(() -> {
            try {
                source.subscribe(work);
            } catch (Throwable thrown) { // where it should have errored: those who wait here must hear of it
                work.onError(thrown);
            }
        });
    }

    /** The Context of the work: what its callers gave it, and that it is part of this flight. Most work never asks. */
    private Context context() {
        return Context.of(seen).put(WaitGraph.class, waits);
    }

    private void end(@Nullable T brought, @Nullable Throwable failed) {
        result = brought;
        failure = failed == null ? null : CarriedError.unwrapped(failed);
        finish();
        Seat<T> newest = oldestFirst(seats.getAndSet(closed()));
        Trampoline.run(() -> {
            for (Seat<T> seat = newest; seat != null; seat = seat.previous) {
                call(seat);
            }
        });
    }

    @SuppressWarnings("unchecked") // nobody sits there
    private static <T> Seat<T> closed() {
        return (Seat<T>) CLOSED;
    }

    private @Nullable Seat<T> oldestFirst(@Nullable Seat<T> newest) {
        Seat<T> reversed = null;
        Seat<T> seat = newest == CLOSED ? null : newest;
        while (seat != null) {
            Seat<T> previous = seat.previous;
            seat.previous = reversed;
            reversed = seat;
            seat = previous;
        }
        return reversed;
    }

    private void call(Seat<T> seat) {
        Caller<? super T> caller = seat.caller;
        if (!seat.vacate() || caller == null) {
            return;
        }
        try {
            Throwable failed = failure;
            if (failed != null) {
                caller.onFailure(failed);
            } else {
                caller.onResult(result);
            }
        } catch (Throwable thrown) {
            Operators.onErrorDropped(thrown, context()); // one caller's trouble must not reach the next
        }
    }

    /** The place of one caller on a flight. Used once. */
    public static final class Seat<T> extends AtomicInteger {
        private static final long serialVersionUID = 1;

        private transient volatile @Nullable Caller<? super T> caller; // let go when the seat is vacated
        private final transient @Nullable WaitGraph within;
        private transient @Nullable WaitGraph expected;
        private transient @Nullable Seat<T> previous;

        private Seat(@Nullable Caller<? super T> caller, @Nullable WaitGraph within) {
            this.caller = caller;
            this.within = within;
        }

        /** Notes what the flight that this caller is part of now waits for; false if it would wait for itself. */
        private boolean expect(WaitGraph flight) {
            if (within == null || within.await(flight)) {
                expected = flight;
                return true;
            }
            return false;
        }

        /** Whether the caller has neither been called nor left. */
        public boolean isTaken() {
            return get() == 0;
        }

        private boolean vacate() {
            if (!compareAndSet(0, 1)) {
                return false;
            }
            if (within != null && expected != null) {
                within.stopAwaiting(expected);
            }
            caller = null;
            return true;
        }

        /** A seat for a caller, whose Context tells whether he is part of some flight's work. */
        public static <T> Seat<T> of(Caller<? super T> caller, ContextView context) {
            return new Seat<>(caller, context.getOrDefault(WaitGraph.class, null));
        }
    }

    /** The subscriber to the work. */
    private final class Work implements CoreSubscriber<T> {
        private final AtomicReference<@Nullable Subscription> upstream = new AtomicReference<>();
        private @Nullable Context context; // asked for by what is subscribed to, one after another

        @Override
        public Context currentContext() {
            Context known = context;
            if (known == null) {
                known = context();
                context = known;
            }
            return known;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (upstream.compareAndSet(null, subscription)) {
                subscription.request(Long.MAX_VALUE);
            } else {
                subscription.cancel(); // the last caller left before the work had begun
            }
        }

        @Override
        public void onNext(T value) {
            if (!isDone()) {
                end(value, null);
            }
        }

        @Override
        public void onComplete() {
            if (!isDone()) {
                end(null, null);
            }
        }

        @Override
        public void onError(Throwable thrown) {
            if (isDone()) {
                Operators.onErrorDropped(thrown, currentContext());
            } else {
                end(null, thrown);
            }
        }

        void cancel() {
            Subscription running = upstream.getAndSet(Operators.cancelledSubscription());
            if (running != null) {
                running.cancel();
            }
        }
    }
}
