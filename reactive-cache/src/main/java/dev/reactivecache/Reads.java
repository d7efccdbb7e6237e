package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.entry.Entry;
import dev.reactivecache.entry.Epoch;
import dev.reactivecache.flight.Caller;
import dev.reactivecache.flight.Flight;
import dev.reactivecache.flight.Flight.Boarding;
import dev.reactivecache.flight.Flight.Seat;
import dev.reactivecache.local.LocalStore;
import dev.reactivecache.policy.Timer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.ContextView;

/** How a key is read: from memory, or on the key's one flight. */
final class Reads<K, V> {
    private final String cache;
    private final LocalStore<K, V> local;
    private final MissPath<K, V> missPath;
    private final Function<K, Epoch> epochs;
    private final UnaryOperator<ContextView> loaderContext;
    private final boolean outlivesCallers;
    private final BooleanSupplier closed;
    private final Timer timer;
    private final Counters counters;

    Reads(
            String cache,
            LocalStore<K, V> local,
            MissPath<K, V> missPath,
            Function<K, Epoch> epochs,
            UnaryOperator<ContextView> loaderContext,
            boolean outlivesCallers,
            BooleanSupplier closed,
            Timer timer,
            Counters counters) {
        this.cache = cache;
        this.local = local;
        this.missPath = missPath;
        this.epochs = epochs;
        this.loaderContext = loaderContext;
        this.outlivesCallers = outlivesCallers;
        this.closed = closed;
        this.timer = timer;
        this.counters = counters;
    }

    /** What memory answers, or null. */
    @Nullable
    Entry<V> hit(K key) {
        Entry<V> entry = local.answer(key);
        if (entry != null) {
            counters.localHits.increment();
        }
        return entry;
    }

    /** Answers through the key's flight: joins it, or opens it. Empty if there is neither a value nor a loader. */
    Mono<Entry<V>> miss(K key, @Nullable Function<? super K, ? extends Mono<? extends V>> loader) {
        return Mono.create(sink -> new Read(key, loader, sink).go());
    }

    /** A flight that leaves the table when it is done. */
    private final class KeyFlight extends Flight<Entry<V>> {
        private final K key;

        KeyFlight(K key, Seat<Entry<V>> first, boolean loads, Epoch epoch, long now) {
            super(first, loads, outlivesCallers, epoch, now, local.fence());
            this.key = key;
        }

        @Override
        protected void onDone() {
            local.detach(key, this);
        }
    }

    /** One read that memory did not answer. */
    private final class Read implements Caller<Entry<V>> {
        private final K key;
        private final @Nullable Function<? super K, ? extends Mono<? extends V>> loader;
        private final MonoSink<Entry<V>> sink;
        private final Disposable.Swap place = Disposables.swap();
        private boolean joined;

        Read(K key, @Nullable Function<? super K, ? extends Mono<? extends V>> loader, MonoSink<Entry<V>> sink) {
            this.key = key;
            this.loader = loader;
            this.sink = sink;
            sink.onCancel(place);
        }

        void go() {
            if (closed.getAsBoolean()) {
                sink.error(DefaultReactiveCache.closedException(cache));
                return;
            }
            if (place.isDisposed()) {
                return; // cancelled as soon as it was subscribed
            }
            Epoch epoch = epochs.apply(key);
            while (!tryMapped(local.flight(key), epoch)) {
                // somebody changed what the key stands for: look again
            }
        }

        /** Takes the way that fits what the key stands for; false if it no longer stands for that. */
        private boolean tryMapped(@Nullable Flight<Entry<V>> flight, Epoch epoch) {
            long now = timer.now();
            if (flight != null && !flight.isDone()) {
                if (flight.epoch() != epoch || flight.fence() != local.fence() || !flight.isSharedAt(now)) {
                    local.detach(key, flight); // what it reads may be from before a change that was not heard of
                    return false;
                }
                boolean waitsForLoad = loader == null && flight.loads();
                return waitsForLoad ? peek() : join(flight);
            }
            if (flight != null) {
                local.detach(key, flight); // it is about to go by itself
            }
            Entry<V> kept = local.kept(key);
            if (kept != null && kept.answersAt(now)) {
                counters.localHits.increment();
                sink.success(kept);
                return true;
            }
            boolean useless = kept == null || kept.isExpired(now) || !kept.stands();
            return open(kept, useless ? null : kept, epoch, now);
        }

        /** @param comparable what is kept, if it may still be what the remote tier has */
        private boolean open(@Nullable Entry<V> kept, @Nullable Entry<V> comparable, Epoch epoch, long now) {
            ContextView seen = requireNonNull(loaderContext.apply(sink.contextView()), "loaderContext returned null");
            Seat<Entry<V>> seat = Seat.of(this, sink.contextView());
            Flight<Entry<V>> flight = new KeyFlight(key, seat, loader != null, epoch, now);
            if (!local.open(key, kept, flight)) {
                return false;
            }
            place.replace(() -> flight.leave(seat));
            flight.start(missPath.answer(flight, key, comparable, loader), seen);
            return true;
        }

        private boolean join(Flight<Entry<V>> flight) {
            Seat<Entry<V>> seat = Seat.of(this, sink.contextView());
            joined = true; // before boarding, which calls back at once if the flight has ended
            Boarding boarding = flight.board(seat);
            if (boarding == Boarding.GONE) {
                joined = false;
                local.detach(key, flight);
                return false;
            }
            if (boarding == Boarding.WITHIN) {
                sink.error(new RecursiveLoadException(cache, key));
                return true;
            }
            place.replace(() -> flight.leave(seat));
            PutOffLoader.tell(loader, key);
            return true;
        }

        /** Others are loading, and this caller does not want to wait for a load. */
        private boolean peek() {
            place.replace(missPath.peek(key).subscribe(this::onResult, this::onFailure, () -> onResult(null)));
            return true;
        }

        @Override
        public void onResult(@Nullable Entry<V> result) {
            if (result == null && loader != null) {
                joined = false;
                go(); // that flight asked only the tiers, which had nothing
                return;
            }
            if (joined) {
                counters.coalesced();
            } else if (result == null) {
                counters.misses.increment();
            }
            sink.success(result);
        }

        @Override
        public void onFailure(Throwable failure) {
            if (joined) {
                counters.coalesced();
            }
            sink.error(failure);
        }
    }
}
