package dev.reactivecache.internal.miss;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.internal.entry.Ends;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.flight.KeyWaiters;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.Mark;
import dev.reactivecache.remote.RemoteState;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One miss: compare with the remote tier, or read it; if it has nothing, load under a right to fill it. Each state of
 * the remote tier is answered in one place.
 */
final class RemoteMiss<K, V> {
    /** A lease that has all but ended is not asked for sooner than this again. */
    private static final long MIN_WAIT_NANOS = 20_000_000;

    private final TierReads<K, V> reads;
    private final Flight<Entry<V>> flight;
    private final LocalCopies<K, V> copies;
    private final K key;
    private final String text;
    private final @Nullable Entry<V> kept;
    private final @Nullable Loader<K, V> loader;
    private final long begunNanos;
    private volatile @Nullable Generation heard;

    RemoteMiss(
            TierReads<K, V> reads,
            Flight<Entry<V>> flight,
            K key,
            String text,
            @Nullable Entry<V> kept,
            @Nullable Loader<K, V> loader) {
        this.reads = reads;
        this.flight = flight;
        this.copies = new LocalCopies<>(reads, flight, key);
        this.key = key;
        this.text = text;
        this.kept = kept;
        this.loader = loader;
        this.begunNanos = flight.openedAtNanos();
    }

    Mono<Entry<V>> run() {
        if (kept != null && loader != null && mayBeReloaded(kept)) {
            return reload(kept);
        }
        return answer(kept == null || kept.stamp() == Entry.UNSTAMPED ? null : kept, begunNanos);
    }

    /** Whether what is kept has ended, and may be answered if loading it anew fails. */
    private boolean mayBeReloaded(Entry<V> entry) {
        Ends ends = entry.ends();
        return ends != null
                && ends.at(begunNanos) != Ends.State.FRESH
                && entry.isSoundAt(begunNanos)
                && reads.tier.rules().usesTier()
                && !reads.isVoid(text);
    }

    private Mono<Entry<V>> answer(@Nullable Entry<V> mine, long askedAt) {
        if (reads.isVoid(text)) {
            return loadInTurnAndKeepNowhere();
        }
        if (!reads.tier.rules().usesTier()) {
            return loadAndKeepHere();
        }
        return mine == null ? read(askedAt) : check(mine, askedAt);
    }

    private Mono<Entry<V>> loadAndKeepNowhere() {
        return reads.load(key, loader).map(copies::nowhere);
    }

    private Mono<Entry<V>> loadInTurnAndKeepNowhere() {
        return reads.loadInTurn(key, loader).map(copies::nowhere);
    }

    private Mono<Entry<V>> loadAndKeepHere() {
        return reads.load(key, loader).map(copies::hereOnly);
    }

    /** Compares stamps: what this node has may still be what the remote tier has. */
    private Mono<Entry<V>> check(Entry<V> mine, long askedAt) {
        reads.counters.check();
        heard = null; // an answer of before is of an earlier question
        return reads.askAlong(askedAt, reads.tier.region().inspect(text), said -> heard = said, state -> {
            if (state instanceof RemoteState.Value value) {
                return value.stamp() == mine.stamp()
                        ? ifStands(mine.mark(), value, () -> byAge(confirmed(mine, value, askedAt)))
                        : read(reads.timer.now());
            }
            return onNoValue(state);
        });
    }

    private Entry<V> confirmed(Entry<V> mine, RemoteState.Value value, long askedAt) {
        reads.counters.remoteHits.increment();
        return copies.confirmed(mine, value, askedAt);
    }

    private Mono<Entry<V>> read(long askedAt) {
        heard = null;
        return reads.askAlong(askedAt, reads.tier.region().read(text), said -> heard = said, state -> {
            if (state instanceof RemoteState.Value value) {
                Entry<V> entry = reads.decode(value, askedAt, flight.epoch());
                return entry != null ? ifStands(value.mark(), value, () -> byAge(entry)) : fill(value.stamp());
            }
            return onNoValue(state);
        });
    }

    /** Answers, unless the generations are over that the content belongs to: then it is replaced. */
    private Mono<Entry<V>> ifStands(@Nullable Mark mark, RemoteState.Value value, Supplier<Mono<Entry<V>>> answer) {
        Generation said = heard;
        if (reads.tier.generations().isKnownToStand(mark, said)) {
            return answer.get();
        }
        return reads.tier
                .generations()
                .stands(mark, said)
                .flatMap(stands -> stands ? answer.get() : fill(value.stamp()));
    }

    /**
     * Answers with what the remote tier has, if its age allows that; else loads it anew, and has it to fall back on. An
     * old value is given only if no change of its key, or of its tags, was heard of since it was asked for. A fresh one
     * may be given all the same, since its reader came before the change; but one that is given for its age alone must
     * be current.
     */
    private Mono<Entry<V>> byAge(Entry<V> entry) {
        Ends ends = entry.ends();
        boolean old = ends != null && ends.at(reads.timer.now()) != Ends.State.FRESH;
        if (old && !copies.stillStands(entry)) {
            return loadAndKeepNowhere();
        }
        return mayAnswer(ends) ? Mono.just(copies.copy(entry)) : reload(copies.copyBeside(entry));
    }

    private boolean mayAnswer(@Nullable Ends ends) {
        if (ends == null || loader == null) {
            return true;
        }
        long now = reads.timer.now();
        return switch (ends.at(now)) {
            case FRESH -> true;
            case REVALIDATE -> loader.forRefresh() != null || ends.restsAt(now);
            case ON_ERROR -> ends.restsAt(now) && ends.failures() > 0;
            case OVER -> false;
        };
    }

    private Mono<Entry<V>> reload(Entry<V> over) {
        return attempt(over).runOver(over, Duration.ZERO);
    }

    private Mono<Entry<V>> onNoValue(RemoteState state) {
        if (state instanceof RemoteState.Foreign) {
            reads.counters.unreadable.increment();
        }
        if (state instanceof RemoteState.Unavailable) {
            return onUnavailable();
        }
        return state instanceof RemoteState.Writing ? loadAndKeepNowhere() : fill(RemoteState.NO_STAMP);
    }

    private Mono<Entry<V>> onUnavailable() {
        if (!reads.tier.rules().trustsSilence()) {
            return loadInTurnAndKeepNowhere();
        }
        if (kept == null) {
            return reads.loadInTurn(key, loader).map(copies::hereOnly);
        }
        if (mayAnswer(kept.ends())) {
            return Mono.just(copies.unchecked(kept));
        }
        reads.local.keepBeside(key, flight, kept);
        return reads.loadInTurn(key, loader)
                .map(copies::hereOnly)
                .doOnError(failure -> reads.failedReloads.note(flight, key, kept, failure));
    }

    private Mono<Entry<V>> fill(long unreadable) {
        return loader == null ? Mono.empty() : attempt(null).run(unreadable);
    }

    /** @param over what may still be answered, or null */
    private FillAttempt<K, V> attempt(@Nullable Entry<V> over) {
        return new FillAttempt<>(
                reads,
                flight,
                copies,
                key,
                text,
                requireNonNull(loader, "a load needs a loader"),
                (reply, askedAt, place) -> onRefused(over, reply, askedAt, place));
    }

    private Mono<Entry<V>> onRefused(
            @Nullable Entry<V> over, RemoteState reply, long askedAt, KeyWaiters.@Nullable Waiter place) {
        if (reply instanceof RemoteState.Loading loading) {
            return onOthersLoad(over, loading, place);
        }
        if (reply instanceof RemoteState.Value value) {
            return over != null && over.stamp() == value.stamp()
                    ? Mono.just(copies.copy(copies.moved(over, value, askedAt)))
                    : onOthersValue(value, askedAt);
        }
        if (reply instanceof RemoteState.Resting resting && over != null) {
            return Mono.just(
                    copies.copy(reads.failedReloads.failedElsewhere(over, flight.epoch(), resting.remainingNanos())));
        }
        if (reply instanceof RemoteState.Missing && over != null) {
            copies.dropBeside();
            return fill(RemoteState.NO_STAMP);
        }
        return reply instanceof RemoteState.Unavailable ? loadInTurnAndKeepNowhere() : loadAndKeepNowhere();
    }

    private Mono<Entry<V>> onOthersValue(RemoteState.Value value, long askedAt) {
        Entry<V> entry = reads.decode(value, askedAt, flight.epoch());
        if (entry == null) {
            return loadAndKeepNowhere();
        }
        return reads.tier
                .generations()
                .stands(value.mark(), null)
                .flatMap(stands -> stands ? byAge(entry) : loadAndKeepNowhere());
    }

    /** Another node loads: wait for it, if that is wanted and makes sense; else load beside it. */
    private Mono<Entry<V>> onOthersLoad(
            @Nullable Entry<V> over, RemoteState.Loading loading, KeyWaiters.@Nullable Waiter place) {
        long left = reads.leases.patience().toNanos() - (reads.timer.now() - begunNanos);
        if (place == null || left <= 0 || !copies.isLive()) {
            return over == null
                    ? loadAndKeepHere()
                    : loadAndKeepHere().doOnError(failure -> reads.failedReloads.note(flight, key, over, failure));
        }
        if (loader != null) {
            loader.othersLoad(key);
        }
        Duration longest = Duration.ofNanos(Math.min(left, Math.max(MIN_WAIT_NANOS, loading.remainingNanos())));
        return place.word()
                .timeout(longest, Mono.empty(), reads.timer.scheduler())
                .then(Mono.defer(() -> {
                    copies.standAgain();
                    return answer(null, reads.timer.now());
                }));
    }
}
