package dev.reactivecache.internal.miss;

import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.flight.KeyWaiters;
import dev.reactivecache.internal.load.LoadResult;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.remote.Mark;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * One attempt to load a value and store it in the remote tier: ask for the right to fill the key, load while renewing
 * that right, and fill, unless the key was invalidated meanwhile. Each attempt has a token of its own.
 */
final class FillAttempt<K, V> {
    private final TierReads<K, V> reads;
    private final Flight<Entry<V>> flight;
    private final LocalCopies<K, V> copies;
    private final K key;
    private final String text;
    private final Loader<K, V> loader;
    private final long unreadable;
    private final OthersLoad<V> othersLoad;
    private final long token = Tokens.next();
    private volatile boolean answered;

    /** What to do when another node has the right to fill the key. */
    interface OthersLoad<V> {
        /** {@code place} is where to wait for word of the key, or null if nobody waits. */
        Mono<Entry<V>> answer(RemoteState.Loading loading, KeyWaiters.@Nullable Waiter place);
    }

    FillAttempt(
            TierReads<K, V> reads,
            Flight<Entry<V>> flight,
            LocalCopies<K, V> copies,
            K key,
            String text,
            Loader<K, V> loader,
            long unreadable,
            OthersLoad<V> othersLoad) {
        this.reads = reads;
        this.flight = flight;
        this.copies = copies;
        this.key = key;
        this.text = text;
        this.loader = loader;
        this.unreadable = unreadable;
        this.othersLoad = othersLoad;
    }

    /** A right that is not used, or that may have been granted without our knowing, is given back. */
    Mono<Entry<V>> run() {
        KeyWaiters.Waiter place =
                reads.leases.othersWait() ? reads.tier.waiters().take(text) : null;
        Mono<Entry<V>> attempt = leased(place);
        return place == null ? attempt : attempt.doFinally(end -> place.giveUp());
    }

    private Mono<Entry<V>> leased(KeyWaiters.@Nullable Waiter place) {
        long askedAt = reads.timer.now();
        flight.claim(token);
        Mono<RemoteState> lease = reads.tier
                .region()
                .lease(text, token, reads.leases.length(), unreadable)
                .doOnCancel(() -> {
                    if (!answered) { // it may have been granted
                        giveBack();
                    }
                });
        return reads.ask(lease, reply -> onReply(reply, askedAt, place));
    }

    private Mono<Entry<V>> onReply(RemoteState reply, long askedAt, KeyWaiters.@Nullable Waiter place) {
        answered = true;
        if (reply instanceof RemoteState.Leased) {
            return reads.tier
                    .generations()
                    .mark() // before the load
                    .flatMap(mark -> loadRenewing().flatMap(loaded -> fill(loaded, mark)))
                    .doOnError(failure -> giveBack())
                    .doOnCancel(this::giveBack);
        }
        if (reply instanceof RemoteState.Loading loading) {
            return othersLoad.answer(loading, place);
        }
        if (reply instanceof RemoteState.Value value && value.remaining().isFresh()) {
            Entry<V> entry = reads.decode(value, askedAt, flight.epoch());
            return entry == null
                    ? loadAndKeepNowhere()
                    : reads.tier
                            .generations()
                            .stands(value.mark(), null)
                            .flatMap(stands -> stands ? Mono.just(copies.copy(entry)) : loadAndKeepNowhere());
        }
        if (reply instanceof RemoteState.Unavailable) {
            giveBack();
            return reads.loadInTurn(key, loader).map(copies::nowhere);
        }
        return loadAndKeepNowhere();
    }

    private Mono<Entry<V>> loadAndKeepNowhere() {
        return reads.load(key, loader).map(copies::nowhere);
    }

    private Mono<LoadResult<V>> loadRenewing() {
        return Mono.using(this::renewals, renewing -> reads.load(key, loader), Disposable::dispose);
    }

    private Disposable renewals() {
        return Mono.delay(reads.leases.renewalPeriod(), reads.timer.scheduler())
                .then(Mono.defer(() -> reads.tier.region().renew(text, token, reads.leases.length())))
                .onErrorResume(failure -> {
                    reads.counters.remoteFailures.increment();
                    return Mono.just(true);
                })
                .repeat()
                .takeWhile(stands -> stands)
                .subscribe();
    }

    private Mono<Entry<V>> fill(LoadResult<V> loaded, Optional<Mark> begun) {
        V value = loaded.value();
        List<String> tags = loaded.options().tags();
        boolean unkept = value == null && !reads.lifetimes.keepsAbsence();
        if (unkept
                || !loaded.stored()
                || begun.isEmpty()
                || reads.tier.repairs().isEndPending(tags)) {
            giveBack();
            return Mono.just(copies.nowhere(loaded));
        }
        Optional<byte[]> payload = value == null ? Optional.empty() : reads.codecs.encode(value);
        if (value != null && payload.isEmpty()) {
            giveBack();
            return Mono.just(copies.hereOnly(loaded));
        }
        long life =
                reads.lifetimes.drawNanos(loaded.isAbsent(), loaded.options().ttl(), ThreadLocalRandom.current());
        Mark mark = begun.get().tagged(tags);
        NewValue stored =
                new NewValue(payload.orElse(null), Duration.ofNanos(life), Duration.ofNanos(loaded.tookNanos()), mark);
        long askedAt = reads.timer.now();
        return reads.tier
                .region()
                .fill(text, token, stored)
                .map(stamp -> onFilled(loaded, stamp, askedAt, stored))
                .onErrorResume(failure -> {
                    reads.counters.remoteFailures.increment();
                    giveBack();
                    return Mono.just(copies.nowhere(loaded));
                });
    }

    private Entry<V> onFilled(LoadResult<V> loaded, long stamp, long askedAt, NewValue stored) {
        if (stamp == RemoteState.NO_STAMP) {
            reads.counters.refusedFill();
            return copies.nowhere(loaded);
        }
        return copies.filled(loaded, stamp, askedAt, stored);
    }

    private void giveBack() {
        reads.tier.region().release(text, token).subscribe(null, failure -> reads.counters.remoteFailures.increment());
    }
}
