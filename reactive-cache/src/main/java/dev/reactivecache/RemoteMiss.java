package dev.reactivecache;

import dev.reactivecache.entry.Entry;
import dev.reactivecache.entry.Mark;
import dev.reactivecache.flight.Flight;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.RemoteState;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One miss: compare with the remote tier, or read it; if it has nothing, load under a right to fill it. Each state of the
 * remote tier is answered in one place.
 */
final class RemoteMiss<K, V> {
    /** A lease that has all but ended is not asked for sooner than this again. */
    private static final long MIN_WAIT_NANOS = 20_000_000;

    private final RemoteMissPath<K, V> path;
    private final Flight<Entry<V>> flight;
    private final Keeping<K, V> keeping;
    private final K key;
    private final String text;
    private final @Nullable Entry<V> kept;
    private final @Nullable Function<? super K, ? extends Mono<? extends V>> loader;
    private final long begunNanos;
    private volatile @Nullable Generation heard;

    RemoteMiss(
            RemoteMissPath<K, V> path,
            Flight<Entry<V>> flight,
            K key,
            String text,
            @Nullable Entry<V> kept,
            @Nullable Function<? super K, ? extends Mono<? extends V>> loader) {
        this.path = path;
        this.flight = flight;
        this.keeping = new Keeping<>(path, flight, key);
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
        if (path.recovery.isPending(text) || path.generations.isClearPending()) {
            return path.loadInTurn(key, loader)
                    .map(keeping::nowhere); // what the tier has is void, and it does not know
        }
        if (path.mode == CacheMode.LOCAL_ONLY) {
            return loadAndKeepHere();
        }
        return mine == null ? read(askedAt) : check(mine, askedAt);
    }

    private Mono<Entry<V>> loadAndKeepNowhere() {
        return path.load(key, loader).map(keeping::nowhere);
    }

    private Mono<Entry<V>> loadAndKeepHere() {
        return path.load(key, loader).map(keeping::hereOnly);
    }

    /** Compares stamps: what this node has may still be what the remote tier has. */
    private Mono<Entry<V>> check(Entry<V> mine, long askedAt) {
        path.counters.check();
        heard = null; // an answer of before is of an earlier question
        return path.askAlong(askedAt, path.region.inspect(text), said -> heard = said, state -> {
            if (state instanceof RemoteState.Value value) {
                return value.stamp() == mine.stamp()
                        ? ifStands(mine.mark(), value, () -> confirmed(mine, value, askedAt))
                        : read(path.timer.now());
            }
            return onNoValue(state);
        });
    }

    private Entry<V> confirmed(Entry<V> mine, RemoteState.Value value, long askedAt) {
        path.counters.remoteHits.increment();
        return keeping.confirmed(mine, askedAt + value.remainingNanos());
    }

    private Mono<Entry<V>> read(long askedAt) {
        heard = null;
        return path.askAlong(askedAt, path.region.read(text), said -> heard = said, state -> {
            if (state instanceof RemoteState.Value value) {
                Entry<V> entry = path.decode(value, askedAt, flight.epoch());
                return entry != null ? ifStands(value.mark(), value, () -> keeping.copy(entry)) : fill(value.stamp());
            }
            return onNoValue(state);
        });
    }

    /** Answers, unless the generations are over that the content belongs to: then it is replaced. */
    private Mono<Entry<V>> ifStands(@Nullable Mark mark, RemoteState.Value value, Supplier<Entry<V>> answer) {
        Generation said = heard;
        if (path.generations.isKnownToStand(mark, said)) {
            return Mono.just(answer.get());
        }
        return path.generations
                .stands(mark, said)
                .flatMap(stands -> stands ? Mono.fromSupplier(answer) : fill(value.stamp()));
    }

    private Mono<Entry<V>> onNoValue(RemoteState state) {
        if (state instanceof RemoteState.Foreign) {
            path.counters.unreadable.increment();
        }
        if (state instanceof RemoteState.Unavailable) {
            return onUnavailable();
        }
        return state instanceof RemoteState.Writing ? loadAndKeepNowhere() : fill(RemoteState.NO_STAMP);
    }

    private Mono<Entry<V>> onUnavailable() {
        if (path.mode != CacheMode.AVAILABLE) {
            return path.loadInTurn(key, loader).map(keeping::nowhere);
        }
        return kept == null ? path.loadInTurn(key, loader).map(keeping::hereOnly) : Mono.just(keeping.unchecked(kept));
    }

    private Mono<Entry<V>> fill(long unreadable) {
        return loader == null
                ? Mono.empty()
                : new FillAttempt<>(path, flight, keeping, key, text, loader, unreadable, this::onOthersLoad).run();
    }

    /** Another node loads: wait for it, if that is wanted and makes sense; else load beside it. */
    private Mono<Entry<V>> onOthersLoad(RemoteState.Loading loading, Wakeups.@Nullable Waiter place) {
        long left = path.leases.patience().toNanos() - (path.timer.now() - begunNanos);
        if (place == null || left <= 0 || !keeping.isLive()) {
            return loadAndKeepHere();
        }
        PutOffLoader.tell(loader, key);
        Duration longest = Duration.ofNanos(Math.min(left, Math.max(MIN_WAIT_NANOS, loading.remainingNanos())));
        return place.word()
                .timeout(longest, Mono.empty(), path.timer.scheduler())
                .then(Mono.defer(() -> {
                    keeping.standAgain();
                    return answer(null, path.timer.now());
                }));
    }
}
