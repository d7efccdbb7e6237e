package dev.reactivecache;

import dev.reactivecache.entry.Entry;
import dev.reactivecache.entry.Mark;
import dev.reactivecache.entry.Tokens;
import dev.reactivecache.flight.Flight;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * One attempt to load a value and store it in the remote tier: ask for the right to fill the key, load while renewing that
 * right, and fill, unless the key was invalidated meanwhile. Each attempt has a token of its own.
 */
final class FillAttempt<K, V> {
    private final RemoteMissPath<K, V> path;
    private final Flight<Entry<V>> flight;
    private final Keeping<K, V> keeping;
    private final K key;
    private final String text;
    private final Function<? super K, ? extends Mono<? extends V>> loader;
    private final long unreadable;
    private final OthersLoad<V> othersLoad;
    private final long token = Tokens.next();
    private volatile boolean answered;

    /** What to do when another node has the right to fill the key. */
    interface OthersLoad<V> {
        /** {@code place} is where to wait for word of the key, or null if nobody waits. */
        Mono<Entry<V>> answer(RemoteState.Loading loading, Wakeups.@Nullable Waiter place);
    }

    FillAttempt(
            RemoteMissPath<K, V> path,
            Flight<Entry<V>> flight,
            Keeping<K, V> keeping,
            K key,
            String text,
            Function<? super K, ? extends Mono<? extends V>> loader,
            long unreadable,
            OthersLoad<V> othersLoad) {
        this.path = path;
        this.flight = flight;
        this.keeping = keeping;
        this.key = key;
        this.text = text;
        this.loader = loader;
        this.unreadable = unreadable;
        this.othersLoad = othersLoad;
    }

    /** A right that is not used, or that may have been granted without our knowing, is given back. */
    Mono<Entry<V>> run() {
        Wakeups.Waiter place = path.leases.othersWait() ? path.wakeups.take(text) : null;
        Mono<Entry<V>> attempt = leased(place);
        return place == null ? attempt : attempt.doFinally(end -> place.giveUp());
    }

    private Mono<Entry<V>> leased(Wakeups.@Nullable Waiter place) {
        long askedAt = path.timer.now();
        flight.claim(token);
        Mono<RemoteState> lease = path.region
                .lease(text, token, path.leases.length(), unreadable)
                .doOnCancel(() -> {
                    if (!answered) { // it may have been granted
                        giveBack();
                    }
                });
        return path.ask(lease, reply -> onReply(reply, askedAt, place));
    }

    private Mono<Entry<V>> onReply(RemoteState reply, long askedAt, Wakeups.@Nullable Waiter place) {
        answered = true;
        if (reply instanceof RemoteState.Leased) {
            return path.generations
                    .mark() // before the load
                    .flatMap(mark -> loadRenewing().flatMap(loaded -> fill(loaded, mark)))
                    .doOnError(failure -> giveBack())
                    .doOnCancel(this::giveBack);
        }
        if (reply instanceof RemoteState.Loading loading) {
            return othersLoad.answer(loading, place);
        }
        if (reply instanceof RemoteState.Value value) {
            Entry<V> entry = path.decode(value, askedAt, flight.epoch());
            return entry == null
                    ? loadAndKeepNowhere()
                    : path.generations
                            .stands(value.mark(), null)
                            .flatMap(stands -> stands ? Mono.just(keeping.copy(entry)) : loadAndKeepNowhere());
        }
        if (reply instanceof RemoteState.Unavailable) {
            giveBack();
            return path.loadInTurn(key, loader).map(keeping::nowhere);
        }
        return loadAndKeepNowhere();
    }

    private Mono<Entry<V>> loadAndKeepNowhere() {
        return path.load(key, loader).map(keeping::nowhere);
    }

    private Mono<Loading.Loaded<V>> loadRenewing() {
        return Mono.using(this::renewals, renewing -> path.load(key, loader), Disposable::dispose);
    }

    private Disposable renewals() {
        return Mono.delay(path.leases.renewalPeriod(), path.timer.scheduler())
                .then(Mono.defer(() -> path.region.renew(text, token, path.leases.length())))
                .onErrorResume(failure -> {
                    path.counters.remoteFailures.increment();
                    return Mono.just(true);
                })
                .repeat()
                .takeWhile(stands -> stands)
                .subscribe();
    }

    private Mono<Entry<V>> fill(Loading.Loaded<V> loaded, Optional<Mark> begun) {
        V value = loaded.value();
        List<String> tags = loaded.options().tags();
        boolean unkept = value == null && !path.lifetimes.keepsAbsence();
        if (unkept || !loaded.stored() || begun.isEmpty() || path.generations.isPending(tags)) {
            giveBack();
            return Mono.just(keeping.nowhere(loaded));
        }
        Optional<byte[]> payload = value == null ? Optional.empty() : path.encode(value);
        if (value != null && payload.isEmpty()) {
            giveBack();
            return Mono.just(keeping.hereOnly(loaded));
        }
        long life = path.lifetimes.drawNanos(loaded.isAbsent(), loaded.options().ttl(), ThreadLocalRandom.current());
        Mark mark = begun.get().tagged(tags);
        NewValue stored =
                new NewValue(payload.orElse(null), Duration.ofNanos(life), Duration.ofNanos(loaded.tookNanos()), mark);
        long askedAt = path.timer.now();
        return path.region
                .fill(text, token, stored)
                .map(stamp -> onFilled(loaded, stamp, askedAt, stored))
                .onErrorResume(failure -> {
                    path.counters.remoteFailures.increment();
                    giveBack();
                    return Mono.just(keeping.nowhere(loaded));
                });
    }

    private Entry<V> onFilled(Loading.Loaded<V> loaded, long stamp, long askedAt, NewValue stored) {
        if (stamp == RemoteState.NO_STAMP) {
            path.counters.refusedFill();
            return keeping.nowhere(loaded);
        }
        return keeping.filled(loaded, stamp, askedAt, stored);
    }

    private void giveBack() {
        path.region.release(text, token).subscribe(null, failure -> path.counters.remoteFailures.increment());
    }
}
