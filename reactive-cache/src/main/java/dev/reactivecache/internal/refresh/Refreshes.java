package dev.reactivecache.internal.refresh;

import dev.reactivecache.internal.count.Counters;
import dev.reactivecache.internal.count.Observers;
import dev.reactivecache.internal.entry.Ends;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.flight.Caller;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.flight.Flight.Seat;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.internal.local.KeyFlight;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.internal.miss.Misses;
import dev.reactivecache.internal.policy.StaleTerms;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.observe.RefreshCause;
import dev.reactivecache.remote.Epoch;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Loads keys anew that may still be answered. A read begins that, and nobody waits for it: it stands in the table of
 * flights like a read's own, so that whatever voids the key keeps its result out, and takes what is kept away with it.
 * It ends by the timeout of loads, or when the cache is closed.
 */
public final class Refreshes<K, V> {
    private final LocalStore<K, V> local;
    private final Misses<K, V> misses;
    private final @Nullable Loader<K, V> own;
    private final StaleTerms terms;
    private final TimeSource timer;
    private final Counters counters;
    private final Observers observers;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Set<Refresh> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Begins with none under way.
     *
     * @param own what loads keys anew that were read without a loader, or with one that ends with its read; or null
     */
    public Refreshes(
            LocalStore<K, V> local,
            Misses<K, V> misses,
            @Nullable Loader<K, V> own,
            StaleTerms terms,
            TimeSource timer,
            Counters counters,
            Observers observers) {
        this.local = local;
        this.misses = misses;
        this.own = own;
        this.terms = terms;
        this.timer = timer;
        this.counters = counters;
        this.observers = observers;
    }

    /** On what terms values are answered whose time to live has ended. */
    public StaleTerms terms() {
        return terms;
    }

    /** What loads keys anew that were read without a loader, or with one that ends with its read; or null. */
    public @Nullable Loader<K, V> own() {
        return own;
    }

    /** What would load a key anew that was read with this loader, or with none; or null. */
    public @Nullable Loader<K, V> loaderFor(@Nullable Loader<K, V> ofReader) {
        return ofReader == null ? own : ofReader.forRefresh();
    }

    /** Loads a key anew whose time to live has ended, unless that has just failed, or others do. */
    public void begin(K key, Entry<V> kept, @Nullable Loader<K, V> ofReader, Epoch epoch, ContextView reader) {
        begin(key, kept, ofReader, epoch, reader, RefreshCause.STALE);
    }

    /** The same for one whose time to live will soon have ended, if this is the read that is drawn for it. */
    public void draw(K key, Entry<V> kept, @Nullable Loader<K, V> ofReader, Epoch epoch, ContextView reader) {
        Ends ends = kept.ends();
        if (ends != null && terms.early().draws(ends.fresh() - timer.now(), ends.tookNanos(), timer.random())) {
            begin(key, kept, ofReader, epoch, reader, RefreshCause.EARLY);
        }
    }

    private void begin(
            K key,
            Entry<V> kept,
            @Nullable Loader<K, V> ofReader,
            Epoch epoch,
            ContextView reader,
            RefreshCause cause) {
        Loader<K, V> loader = loaderFor(ofReader);
        Ends ends = kept.ends();
        boolean rests = ends != null && ends.restsAt(timer.now());
        if (closed || rests || local.flight(key) != null) {
            return;
        }
        if (loader == null || !enter()) {
            counters.skippedRefresh();
            return;
        }
        Refresh refresh = new Refresh(key, epoch);
        Entry<V> there = local.kept(key, timer.now());
        boolean known = there == null ? kept.from() == Entry.From.REMOTE : isSame(there, kept);
        if (known && local.openBeside(key, there, refresh.flight)) {
            refresh.start(there == null ? kept : there, loader, cause, reader);
        } else {
            underWay.decrementAndGet();
        }
    }

    /** Whether both are one content: a reader may have been given a copy of what memory has. */
    private static boolean isSame(Entry<?> there, Entry<?> kept) {
        return there.stamp() == kept.stamp() && there.value() == kept.value();
    }

    /**
     * Loads a key anew whatever its age, and whatever has failed before, over what may still be answered. Emits what
     * the key then has, or nothing if something else stands for the key here by now, or if another node loads it. A
     * caller that cancels leaves the load running.
     */
    public Mono<Entry<V>> now(K key, Entry<V> kept, Loader<K, V> loader, Epoch epoch) {
        return Mono.create(sink -> {
            Refresh refresh = new Refresh(key, epoch);
            Entry<V> there = local.kept(key, timer.now());
            if (closed || !local.openBeside(key, there, refresh.flight)) {
                sink.success();
                return;
            }
            underWay.incrementAndGet();
            Seat<Entry<V>> seat = Seat.of(new SinkCaller<>(sink), sink.contextView());
            sink.onCancel(() -> refresh.flight.leave(seat));
            refresh.flight.board(seat);
            refresh.start(there == null ? kept : there, loader, RefreshCause.MANUAL, sink.contextView());
        });
    }

    /** Tells the one who asked for it. */
    private record SinkCaller<T>(MonoSink<T> sink) implements Caller<T> {
        @Override
        public void onResult(@Nullable T result) {
            sink.success(result);
        }

        @Override
        public void onFailure(Throwable failure) {
            sink.error(failure);
        }
    }

    private boolean enter() {
        if (underWay.incrementAndGet() <= terms.atOnce()) {
            return true;
        }
        underWay.decrementAndGet();
        return false;
    }

    /** Gives up what is under way, and begins nothing any more. */
    public void close() {
        closed = true;
        running.forEach(Refresh::giveUp);
    }

    /** One that is under way. It is the first caller of its flight, which waits for nothing; others may join it. */
    private final class Refresh implements Caller<Entry<V>> {
        private final K key;
        private final Seat<Entry<V>> seat;
        private final Flight<Entry<V>> flight;

        Refresh(K key, Epoch epoch) {
            this.key = key;
            this.seat = Seat.of(this, Context.empty());
            this.flight = new KeyFlight<>(local, key, seat, true, false, epoch, timer.now());
        }

        void start(Entry<V> kept, Loader<K, V> loader, RefreshCause cause, ContextView reader) {
            running.add(this);
            if (closed) {
                giveUp();
                return;
            }
            Mono<Entry<V>> work = Mono.defer(() -> misses.refresh(flight, key, kept, loader, within(cause, kept)));
            ContextView seen = Context.empty();
            try {
                seen = terms.context().apply(reader);
            } catch (Throwable thrown) { // by code of users, which the reader must not suffer from
                work = Mono.error(thrown);
            }
            flight.start(observers.refresh(cause, reader, work, entry -> entry.value() == null), seen);
        }

        private @Nullable Duration within(RefreshCause cause, Entry<V> kept) {
            Ends ends = kept.ends();
            return switch (cause) {
                case STALE -> Duration.ZERO;
                case EARLY ->
                    ends == null ? Duration.ZERO : Duration.ofNanos(Math.max(0, ends.fresh() - kept.calmUntilNanos()));
                case MANUAL -> null;
            };
        }

        void giveUp() {
            if (flight.leave(seat)) {
                end();
            }
        }

        private void end() {
            running.remove(this);
            underWay.decrementAndGet();
        }

        @Override
        public void onResult(@Nullable Entry<V> result) {
            end();
            if (result == null) {
                counters.skippedRefresh();
            } else {
                counters.refreshed(false);
            }
        }

        @Override
        public void onFailure(Throwable failure) {
            end();
            counters.refreshed(true);
        }
    }
}
