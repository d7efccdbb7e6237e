package dev.reactivecache.internal.read;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.Cached.Freshness;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.RecursiveLoadException;
import dev.reactivecache.internal.entry.Ends;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.flight.Caller;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.flight.Flight.Boarding;
import dev.reactivecache.internal.flight.Flight.Seat;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.internal.local.KeyFlight;
import dev.reactivecache.internal.policy.StaleTerms;
import dev.reactivecache.remote.Epoch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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

    /** Why the source did not answer: what may be given in its stead is looked for. */
    private @Nullable Throwable failed;

    /** Ends the wait for the source, where there may be something to give in its stead. */
    private volatile @Nullable Disposable patience;

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
    abstract @Nullable T of(Entry<V> entry, Freshness freshness, Origin origin);

    /** Whether the key may be loaded anew because of this read. */
    boolean mayRefresh() {
        return true;
    }

    /** Subscribes: hands the subscription out, then begins. */
    final void begin() {
        actual.onSubscribe(this);
        go();
        Duration softTimeout = reads.refreshes.terms().softTimeout();
        if (softTimeout != null && loader != null && !isOver()) {
            patience =
                    reads.timer.scheduler().schedule(this::onSoftTimeout, softTimeout.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void go() {
        if (isCancelled()) {
            return;
        }
        if (reads.life.isClosed()) {
            end(reads.life.closedException());
            return;
        }
        try {
            Epoch epoch = reads.epochs.apply(key);
            while (!tryMapped(reads.local.flight(key), epoch)) {
                // somebody changed what the key stands for: look again
            }
        } catch (Throwable thrown) { // by code of users: the key's equality or codec, the policy of Contexts
            end(thrown);
        }
    }

    /** Takes the way that fits what the key stands for; false if it no longer stands for that. */
    private boolean tryMapped(@Nullable Flight<Entry<V>> flight, Epoch epoch) {
        long now = reads.timer.now();
        Entry<V> kept = reads.local.kept(key, now);
        if (kept != null && giveKept(kept, now)) {
            return true;
        }
        if (flight != null && !flight.isDone()) {
            if (flight.epoch() != epoch || !flight.isSharedAt(now)) {
                reads.local.detach(key, flight); // what it reads may be from before a change that was not heard of
                return false;
            }
            boolean waitsForLoad = !loads() && flight.loads();
            return waitsForLoad ? askBeside(flight) : join(flight);
        }
        if (flight != null) {
            reads.local.detach(key, flight); // it is about to go by itself
        }
        boolean useless = kept == null || kept.isOver(now) || !kept.stands();
        return open(kept, useless ? null : kept, epoch, now);
    }

    /** Whether this reader may still have its key loaded. */
    private boolean loads() {
        return loader != null && failed == null;
    }

    private AnswerByAge byAge() {
        if (failed != null) {
            return AnswerByAge.HAS_FAILED;
        }
        if (loader == null) {
            return AnswerByAge.ASKS_ONLY;
        }
        return loader.forRefresh() == null ? AnswerByAge.LOADS_ONLY : AnswerByAge.LOADS_AND_REFRESHES;
    }

    /** Answers with what memory has, if nothing is against it; false if something is. */
    private boolean giveKept(Entry<V> kept, long now) {
        Freshness freshness = kept.isOver(now) || !kept.isSoundAt(now) ? null : byAge().of(kept.ends(), now);
        if (freshness == null) {
            return false;
        }
        if (failed == null) {
            reads.counters.localHits.increment();
        }
        give(kept, freshness, Origin.LOCAL, byAge());
        if (freshness == Freshness.FRESH && kept.ends() != null && mayRefresh()) {
            reads.refreshes.draw(key, kept, loader, reads.epochs.apply(key), actual.currentContext());
        }
        return true;
    }

    /** Hands an entry over, and has it loaded anew if that is due. The reader does not wait for that. */
    private void give(Entry<V> entry, Freshness freshness, Origin origin, AnswerByAge as) {
        Ends ends = entry.ends();
        if (ends != null && freshness != Freshness.FRESH) {
            reads.counters.stale.answered(as.reasonOf(freshness), reads.timer.now() - ends.fresh(), failed);
        }
        answer(of(entry, freshness, origin));
        if (freshness == Freshness.REVALIDATING && mayRefresh()) {
            reads.refreshes.begin(key, entry, loader, reads.epochs.apply(key), actual.currentContext());
        }
    }

    /** @param comparable what is kept, if it may still be what the remote tier has */
    private boolean open(@Nullable Entry<V> kept, @Nullable Entry<V> comparable, Epoch epoch, long now) {
        ContextView context = actual.currentContext();
        ContextView seen = requireNonNull(reads.sharing.context().apply(context), "loaderContext returned null");
        Seat<Entry<V>> seat = Seat.of(this, context);
        boolean outlives = reads.sharing.outlivesCallers();
        Flight<Entry<V>> flight = new KeyFlight<>(reads.local, key, seat, loads(), outlives, epoch, now);
        boolean mayAnswer = comparable != null && comparable.ends() != null && comparable.isSoundAt(now);
        if (mayAnswer ? !reads.local.openBeside(key, kept, flight) : !reads.local.open(key, kept, flight)) {
            return false;
        }
        sit(flight, seat);
        flight.start(reads.misses.answer(flight, key, comparable, loads() ? loader : null), seen);
        return true;
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
    private boolean askBeside(Flight<Entry<V>> others) {
        Disposable asking = reads.misses
                .peek(key)
                .singleOptional()
                .subscribe(found -> onBeside(found.orElse(null), others), this::onFailure);
        Disposable before = place;
        while (before != CANCELLED && !asking.isDisposed() && !PLACE.compareAndSet(this, before, asking)) {
            before = place;
        }
        if (before == CANCELLED) {
            asking.dispose();
        }
        return true;
    }

    /** After a failure only what nothing has changed since it was asked for will do. */
    private void onBeside(@Nullable Entry<V> found, Flight<Entry<V>> others) {
        if (failed != null && found != null && reads.local.flight(key) != others) {
            go();
        } else {
            onResult(found);
        }
    }

    /** Notes where the reader sits, unless that flight has called already: the reader may be on another one by now. */
    private void sit(Flight<Entry<V>> flight, Seat<Entry<V>> seat) {
        Disposable next = new Place<>(flight, seat);
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
        boolean mine = !joined;
        boolean fromBefore = joined && result != null && isFromBefore(result);
        AnswerByAge as = byAge();
        Freshness freshness = result == null || fromBefore ? null : freshnessOf(result, as);
        joined = false;
        if (freshness == null && (loads() || fromBefore)) {
            go(); // that flight asked only the tiers, which had nothing that is good enough for this reader
        } else if (freshness == null && failed != null) {
            end(failed);
        } else {
            count(mine, freshness == null);
            if (result == null || freshness == null) {
                answer(null);
            } else {
                give(result, freshness, originOf(result), as);
            }
        }
    }

    /** Of what a flight has brought. */
    private static Origin originOf(Entry<?> entry) {
        return switch (entry.from()) {
            case SOURCE -> Origin.LOADER;
            case REMOTE -> Origin.REMOTE;
            case UNCHECKED_MEMORY -> Origin.LOCAL_UNCHECKED;
        };
    }

    /** What was loaded for this reader is fresh, however soon its time to live ends. */
    private @Nullable Freshness freshnessOf(Entry<V> result, AnswerByAge as) {
        return result.from() == Entry.From.SOURCE ? Freshness.FRESH : as.of(result.ends(), reads.timer.now());
    }

    private void count(boolean mine, boolean nothing) {
        if (!mine) {
            reads.counters.coalesced();
        } else if (nothing) {
            reads.counters.misses.increment();
        }
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
        joined = false;
        StaleTerms terms = reads.refreshes.terms();
        if (!loads() || !terms.covers(failure)) {
            end(failed == null ? failure : failed);
            return;
        }
        failed = failure;
        if (terms.answersOnError()) {
            go(); // a read of its own, so that what it may be given is proved as for any read
        } else {
            Entry<V> kept = reads.local.kept(key, reads.timer.now());
            if (kept == null || kept.ends() == null || !giveKept(kept, reads.timer.now())) {
                end(failure);
            }
        }
    }

    /** Gives what may be given instead of what is being loaded; that goes on, for those who come next. */
    private void onSoftTimeout() {
        long now = reads.timer.now();
        Entry<V> kept = reads.local.kept(key, now);
        if (kept != null && kept.isSoundAt(now) && !kept.isOver(now)) {
            giveLate(kept, Origin.LOCAL);
            return;
        }
        Flight<Entry<V>> loading = reads.local.flight(key);
        if (loading != null && reads.refreshes.terms().answersOnError()) {
            reads.misses
                    .peek(key)
                    .filter(found -> reads.local.flight(key) == loading)
                    .subscribe(
                            found -> giveLate(found, Origin.REMOTE),
                            unanswered -> {}); // the load goes on, and so does the wait for it
        }
    }

    private void giveLate(Entry<V> entry, Origin origin) {
        Freshness freshness = AnswerByAge.HAS_WAITED.of(entry.ends(), reads.timer.now());
        if (freshness != null && place instanceof Place<?> seat && seat.leaveRunning()) {
            give(entry, freshness, origin, AnswerByAge.HAS_WAITED);
        }
    }

    private void answer(@Nullable T value) {
        stopWaiting();
        deliver(value);
    }

    private void end(Throwable failure) {
        stopWaiting();
        fail(failure);
    }

    private void stopWaiting() {
        Disposable running = patience;
        if (running != null) {
            running.dispose();
        }
    }

    @Override
    final boolean isCancelled() {
        return place == CANCELLED;
    }

    @Override
    final void onCancel() {
        stopWaiting();
        Disposable left = (Disposable) PLACE.getAndSet(this, CANCELLED);
        if (left != null) {
            left.dispose();
        }
    }
}
