package dev.reactivecache.internal.miss;

import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.flight.KeyWaiters;
import dev.reactivecache.internal.load.LoadResult;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.internal.policy.RefreshBackoff;
import dev.reactivecache.remote.Mark;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    private final Refused<V> refused;
    private final long token = Tokens.next();
    private volatile boolean answered;

    /** What the right was granted over, which may still be answered; or null. */
    private @Nullable Entry<V> over;

    /** What to do when the right is not granted. */
    interface Refused<V> {
        /**
         * {@code place} is where to wait for word of the key, or null if nobody waits. The question was asked at
         * {@code askedAt}.
         */
        Mono<Entry<V>> answer(RemoteState reply, long askedAt, KeyWaiters.@Nullable Waiter place);
    }

    FillAttempt(
            TierReads<K, V> reads,
            Flight<Entry<V>> flight,
            LocalCopies<K, V> copies,
            K key,
            String text,
            Loader<K, V> loader,
            Refused<V> refused) {
        this.reads = reads;
        this.flight = flight;
        this.copies = copies;
        this.key = key;
        this.text = text;
        this.loader = loader;
        this.refused = refused;
    }

    /**
     * Over nothing that may be answered. A right that is not used, or that may have been granted without our knowing,
     * is given back.
     *
     * @param unreadable the stamp of what is there and of no use
     */
    Mono<Entry<V>> run(long unreadable) {
        return attempt(null, region().lease(text, token, reads.leases.length(), unreadable));
    }

    /** The same over what may still be answered, if the remote tier has it too, and it is fresh no longer than that. */
    Mono<Entry<V>> runOver(Entry<V> kept, Duration within) {
        return kept.stamp() == Entry.UNSTAMPED
                ? attempt(kept, region().lease(text, token, reads.leases.length(), RemoteState.NO_STAMP))
                : attempt(kept, region().refresh(text, token, reads.leases.length(), kept.stamp(), within));
    }

    private RemoteRegion region() {
        return reads.tier.region();
    }

    private Mono<Entry<V>> attempt(@Nullable Entry<V> kept, Mono<RemoteState> asking) {
        KeyWaiters.Waiter place =
                reads.leases.othersWait() ? reads.tier.waiters().take(text) : null;
        long askedAt = reads.timer.now();
        over = kept;
        flight.claim(token);
        Mono<RemoteState> lease = asking.doOnCancel(() -> {
            if (!answered) { // it may have been granted
                giveBack();
            }
        });
        Mono<Entry<V>> attempt = reads.ask(lease, reply -> onReply(reply, askedAt, place));
        return place == null ? attempt : attempt.doFinally(end -> place.giveUp());
    }

    private Mono<Entry<V>> onReply(RemoteState reply, long askedAt, KeyWaiters.@Nullable Waiter place) {
        answered = true;
        if (reply instanceof RemoteState.Leased leased) {
            return reads.tier
                    .generations()
                    .mark() // before the load
                    .flatMap(mark -> loadRenewing().flatMap(loaded -> fill(loaded, mark, leased.over())))
                    .doOnError(failure -> onFailure(failure, leased.over()))
                    .doOnCancel(this::giveBack);
        }
        if (reply instanceof RemoteState.Unavailable) {
            giveBack();
        }
        return refused.answer(reply, askedAt, place);
    }

    private Mono<LoadResult<V>> loadRenewing() {
        return Mono.using(this::renewals, renewing -> reads.load(key, loader), Disposable::dispose);
    }

    private Disposable renewals() {
        return Mono.delay(reads.leases.renewalPeriod(), reads.timer.scheduler())
                .then(Mono.defer(() -> region().renew(text, token, reads.leases.length())))
                .onErrorResume(failure -> {
                    reads.counters.remoteFailures.increment();
                    return Mono.just(true);
                })
                .repeat()
                .takeWhile(stands -> stands)
                .subscribe();
    }

    private Mono<Entry<V>> fill(LoadResult<V> loaded, Optional<Mark> begun, boolean overValue) {
        V value = loaded.value();
        List<String> tags = loaded.options().tags();
        if (!loaded.stored() || (value == null && !reads.lives.keepsAbsence())) {
            giveUpWhatIsThere(overValue);
            return Mono.just(copies.nowhere(loaded));
        }
        if (begun.isEmpty() || reads.tier.repairs().isEndPending(tags)) {
            giveBack();
            return Mono.just(copies.nowhere(loaded));
        }
        Optional<byte[]> payload = value == null ? Optional.empty() : reads.codecs.encode(value);
        if (value != null && payload.isEmpty()) {
            giveBack();
            return Mono.just(copies.hereOnly(loaded));
        }
        NewValue stored = new NewValue(
                payload.orElse(null),
                reads.lives.ttl(loaded.isAbsent(), loaded.options()),
                reads.lives.windows(loaded.isAbsent(), loaded.options()),
                Duration.ofNanos(loaded.tookNanos()),
                begun.get().tagged(tags));
        long askedAt = reads.timer.now();
        return region().fill(text, token, stored)
                .map(stamp -> onFilled(loaded, stamp, askedAt, stored))
                .onErrorResume(failure -> {
                    reads.counters.remoteFailures.increment();
                    onFailure(failure, overValue);
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

    /** The load, or the fill, has failed. What may still be answered is not loaded anew for a while, or it goes. */
    private void onFailure(Throwable failure, boolean overValue) {
        Entry<V> kept = over;
        if (kept != null) {
            reads.failedReloads.note(flight, key, kept, failure);
        }
        if (!overValue) {
            giveBack();
        } else if (reads.failedReloads.covers(failure)) {
            RefreshBackoff backoff = reads.failedReloads.backoff();
            send(region().rest(text, token, backoff.drawFirst(reads.timer.random()), backoff.longest()));
        } else {
            send(region().remove(text, token));
        }
    }

    /** The source has nothing that may be stored: what is there may not be answered any more. */
    private void giveUpWhatIsThere(boolean overValue) {
        copies.keepNothing();
        send(overValue ? region().remove(text, token) : region().release(text, token));
    }

    private void giveBack() {
        send(region().release(text, token));
    }

    private void send(Mono<?> ending) {
        ending.subscribe(null, failure -> reads.counters.remoteFailures.increment());
    }
}
