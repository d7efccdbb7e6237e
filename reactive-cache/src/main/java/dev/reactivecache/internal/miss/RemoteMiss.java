package dev.reactivecache.internal.miss;

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
        return answer(kept == null || kept.stamp() == Entry.UNSTAMPED ? null : kept, begunNanos);
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
            if (state instanceof RemoteState.Value value && value.remaining().isFresh()) {
                return value.stamp() == mine.stamp()
                        ? ifStands(mine.mark(), value, () -> confirmed(mine, value, askedAt))
                        : read(reads.timer.now());
            }
            return onNoValue(state);
        });
    }

    private Entry<V> confirmed(Entry<V> mine, RemoteState.Value value, long askedAt) {
        reads.counters.remoteHits.increment();
        return copies.confirmed(mine, askedAt + value.remaining().freshNanos());
    }

    private Mono<Entry<V>> read(long askedAt) {
        heard = null;
        return reads.askAlong(askedAt, reads.tier.region().read(text), said -> heard = said, state -> {
            if (state instanceof RemoteState.Value value && value.remaining().isFresh()) {
                Entry<V> entry = reads.decode(value, askedAt, flight.epoch());
                return entry != null ? ifStands(value.mark(), value, () -> copies.copy(entry)) : fill(value.stamp());
            }
            return onNoValue(state);
        });
    }

    /** Answers, unless the generations are over that the content belongs to: then it is replaced. */
    private Mono<Entry<V>> ifStands(@Nullable Mark mark, RemoteState.Value value, Supplier<Entry<V>> answer) {
        Generation said = heard;
        if (reads.tier.generations().isKnownToStand(mark, said)) {
            return Mono.just(answer.get());
        }
        return reads.tier
                .generations()
                .stands(mark, said)
                .flatMap(stands -> stands ? Mono.fromSupplier(answer) : fill(value.stamp()));
    }

    private Mono<Entry<V>> onNoValue(RemoteState state) {
        if (state instanceof RemoteState.Foreign) {
            reads.counters.unreadable.increment();
        }
        if (state instanceof RemoteState.Unavailable) {
            return onUnavailable();
        }
        if (state instanceof RemoteState.Writing) {
            return loadAndKeepNowhere();
        }
        return fill(state instanceof RemoteState.Value stale ? stale.stamp() : RemoteState.NO_STAMP);
    }

    private Mono<Entry<V>> onUnavailable() {
        if (!reads.tier.rules().trustsSilence()) {
            return loadInTurnAndKeepNowhere();
        }
        return kept == null ? reads.loadInTurn(key, loader).map(copies::hereOnly) : Mono.just(copies.unchecked(kept));
    }

    private Mono<Entry<V>> fill(long unreadable) {
        return loader == null
                ? Mono.empty()
                : new FillAttempt<>(reads, flight, copies, key, text, loader, unreadable, this::onOthersLoad).run();
    }

    /** Another node loads: wait for it, if that is wanted and makes sense; else load beside it. */
    private Mono<Entry<V>> onOthersLoad(RemoteState.Loading loading, KeyWaiters.@Nullable Waiter place) {
        long left = reads.leases.patience().toNanos() - (reads.timer.now() - begunNanos);
        if (place == null || left <= 0 || !copies.isLive()) {
            return loadAndKeepHere();
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
