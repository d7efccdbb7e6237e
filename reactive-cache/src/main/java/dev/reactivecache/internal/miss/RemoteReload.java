package dev.reactivecache.internal.miss;

import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.flight.KeyWaiters;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.remote.RemoteState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Loads a key anew that may still be answered, with nobody waiting: one node of a fleet does, the others go on with
 * what they have, and find out by their next question what has become of it.
 */
final class RemoteReload<K, V> {
    private final TierReads<K, V> reads;
    private final Flight<Entry<V>> flight;
    private final LocalCopies<K, V> copies;
    private final K key;
    private final String text;
    private final Entry<V> kept;
    private final Loader<K, V> loader;

    RemoteReload(
            TierReads<K, V> reads, Flight<Entry<V>> flight, K key, String text, Entry<V> kept, Loader<K, V> loader) {
        this.reads = reads;
        this.flight = flight;
        this.copies = new LocalCopies<>(reads, flight, key);
        this.key = key;
        this.text = text;
        this.kept = kept;
        this.loader = loader;
    }

    /** @param within as of {@link Misses#refresh} */
    Mono<Entry<V>> run(@Nullable Duration within) {
        if (reads.isVoid(text)) {
            return forget();
        }
        if (!reads.tier.rules().usesTier()) {
            return loadAndKeepHere();
        }
        var attempt = new FillAttempt<>(reads, flight, copies, key, text, loader, this::onRefused);
        return within == null ? attempt.run(kept.stamp()) : attempt.runOver(kept, within);
    }

    private Mono<Entry<V>> loadAndKeepHere() {
        return reads.load(key, loader)
                .map(copies::hereOnly)
                .doOnError(failure -> reads.failedReloads.note(flight, key, kept, failure));
    }

    private Mono<Entry<V>> forget() {
        copies.keepNothing();
        return Mono.empty();
    }

    private Mono<Entry<V>> onRefused(RemoteState reply, long askedAt, KeyWaiters.@Nullable Waiter place) {
        if (reply instanceof RemoteState.Value value) {
            return value.stamp() == kept.stamp()
                    ? Mono.just(copies.copy(copies.moved(kept, value, askedAt)))
                    : replaced(value, askedAt);
        }
        if (reply instanceof RemoteState.Loading loading) {
            reads.failedReloads.leave(key, kept, loading.remainingNanos());
            return Mono.empty();
        }
        if (reply instanceof RemoteState.Resting resting) {
            copies.copy(reads.failedReloads.failedElsewhere(kept, flight.epoch(), resting.remainingNanos()));
            return Mono.empty();
        }
        return reply instanceof RemoteState.Unavailable ? onUnavailable() : forget();
    }

    /** Another node has loaded it since. */
    private Mono<Entry<V>> replaced(RemoteState.Value value, long askedAt) {
        Entry<V> entry = reads.decode(value, askedAt, flight.epoch());
        if (entry == null) {
            return forget();
        }
        return reads.tier
                .generations()
                .stands(value.mark(), null)
                .flatMap(stands -> stands ? Mono.just(copies.copy(entry)) : forget());
    }

    private Mono<Entry<V>> onUnavailable() {
        if (reads.tier.rules().trustsSilence()) {
            return loadAndKeepHere();
        }
        reads.failedReloads.leave(key, kept, reads.leases.renewalPeriod().toNanos());
        return Mono.empty();
    }
}
