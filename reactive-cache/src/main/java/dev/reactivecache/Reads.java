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
import java.util.concurrent.CompletableFuture;
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
            while (!tryMapped(local.mapped(key), epoch)) {
                // somebody changed what the key stands for: look again
            }
        }

        /** Takes the way that fits what the key stands for; false if it no longer stands for that. */
        private boolean tryMapped(@Nullable CompletableFuture<Entry<V>> mapped, Epoch epoch) {
            long now = timer.now();
            if (mapped instanceof Flight<Entry<V>> flight && !flight.isDone()) {
                if (flight.epoch() != epoch || flight.fence() != local.fence() || !flight.isSharedAt(now)) {
                    local.detach(key, flight); // what it reads may be from before a change that was not heard of
                    return false;
                }
                boolean waitsForLoad = loader == null && flight.loads();
                return waitsForLoad ? peek() : join(flight);
            }
            Entry<V> kept = mapped instanceof Entry<V> entry ? entry : null;
            if (kept != null && kept.answersAt(now)) {
                counters.localHits.increment();
                sink.success(kept);
                return true;
            }
            boolean useless = kept == null || kept.isExpired(now) || !kept.stands();
            return open(mapped, useless ? null : kept, epoch, now);
        }

        private boolean open(
                @Nullable CompletableFuture<Entry<V>> before, @Nullable Entry<V> kept, Epoch epoch, long now) {
            ContextView seen = requireNonNull(loaderContext.apply(sink.contextView()), "loaderContext returned null");
            Seat<Entry<V>> seat = Seat.of(this, sink.contextView());
            Flight<Entry<V>> flight = new Flight<>(seat, loader != null, outlivesCallers, epoch, now, local.fence());
            if (!local.open(key, before, flight)) {
                return false;
            }
            place.replace(() -> flight.leave(seat));
            flight.start(missPath.answer(flight, key, kept, loader), seen);
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
