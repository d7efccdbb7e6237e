package dev.reactivecache;

import dev.reactivecache.entry.Entry;
import dev.reactivecache.entry.Tokens;
import dev.reactivecache.flight.Flight;
import dev.reactivecache.policy.Lifetimes;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One miss: read the remote tier; if it has nothing, get the right to fill the key, load, and fill, unless the key was
 * invalidated meanwhile. Each state of the remote tier is answered in one place.
 */
final class RemoteMiss<K, V> {
    private final RemoteMissPath<K, V> path;
    private final Flight<Entry<V>> flight;
    private final K key;
    private final String text;
    private final @Nullable Entry<V> kept;
    private final @Nullable Function<? super K, ? extends Mono<? extends V>> loader;
    private final long token = Tokens.next();

    RemoteMiss(
            RemoteMissPath<K, V> path,
            Flight<Entry<V>> flight,
            K key,
            String text,
            @Nullable Entry<V> kept,
            @Nullable Function<? super K, ? extends Mono<? extends V>> loader) {
        this.path = path;
        this.flight = flight;
        this.key = key;
        this.text = text;
        this.kept = kept;
        this.loader = loader;
    }

    Mono<Entry<V>> run() {
        if (path.recovery.isPending(text)) {
            return loadAndKeepNowhere(); // what the tier has is void, and it does not know
        }
        return kept == null || kept.stamp() == Entry.UNSTAMPED ? read() : check(kept);
    }

    /** Compares stamps: what this node has may still be what the remote tier has. */
    private Mono<Entry<V>> check(Entry<V> mine) {
        path.counters.checks.increment();
        long askedAt = path.timer.now();
        return path.ask(path.region.inspect(text)).flatMap(state -> {
            if (state instanceof RemoteState.Value value) {
                return value.stamp() == mine.stamp() ? Mono.just(confirmed(mine, value, askedAt)) : read();
            }
            return onNoValue(state);
        });
    }

    private Entry<V> confirmed(Entry<V> mine, RemoteState.Value value, long askedAt) {
        path.counters.remoteHits.increment();
        Entry<V> confirmed = mine.checkedIn(flight.epoch(), askedAt + value.remainingNanos());
        path.local.keep(key, flight, confirmed);
        return confirmed;
    }

    private Mono<Entry<V>> read() {
        long askedAt = path.timer.now();
        return path.ask(path.region.read(text)).flatMap(state -> {
            if (state instanceof RemoteState.Value value) {
                Entry<V> entry = path.decode(value, askedAt, flight.epoch());
                return entry != null ? Mono.just(keepIfLive(entry)) : lease(value.stamp());
            }
            return onNoValue(state);
        });
    }

    private Mono<Entry<V>> onNoValue(RemoteState state) {
        if (state instanceof RemoteState.Foreign) {
            path.counters.unreadable.increment();
        }
        boolean unstorable = state instanceof RemoteState.Writing || state instanceof RemoteState.Unavailable;
        return unstorable ? loadAndKeepNowhere() : lease(RemoteState.NO_STAMP);
    }

    /** Asks for the right to fill. Whatever comes of the question, a right that may have been granted is given back. */
    private Mono<Entry<V>> lease(long unreadable) {
        if (loader == null) {
            return Mono.empty();
        }
        long askedAt = path.timer.now();
        return path.ask(path.region.lease(text, token, path.lease, unreadable))
                .flatMap(reply -> onLeaseReply(reply, askedAt))
                .doOnError(failure -> giveBack())
                .doOnCancel(this::giveBack);
    }

    private Mono<Entry<V>> onLeaseReply(RemoteState reply, long askedAt) {
        if (reply instanceof RemoteState.Leased) {
            return load().flatMap(this::fill);
        }
        if (reply instanceof RemoteState.Loading) {
            return load().map(this::keepHereOnly);
        }
        if (reply instanceof RemoteState.Value value) {
            Entry<V> entry = path.decode(value, askedAt, flight.epoch());
            return entry != null ? Mono.just(keepIfLive(entry)) : loadAndKeepNowhere();
        }
        if (reply instanceof RemoteState.Unavailable) {
            giveBack();
        }
        return loadAndKeepNowhere();
    }

    private Mono<Entry<V>> fill(Loading.Loaded<V> loaded) {
        V value = loaded.value();
        if (value == null && !path.lifetimes.keepsAbsence()) {
            giveBack();
            return Mono.just(keepNowhere(loaded));
        }
        Optional<byte[]> payload = value == null ? Optional.empty() : path.encode(value);
        if (value != null && payload.isEmpty()) {
            giveBack();
            return Mono.just(keepHereOnly(loaded));
        }
        long life = path.lifetimes.drawNanos(loaded.isAbsent(), null, ThreadLocalRandom.current());
        NewValue stored =
                new NewValue(payload.orElse(null), Duration.ofNanos(life), Duration.ofNanos(loaded.tookNanos()));
        long askedAt = path.timer.now();
        return path.region
                .fill(text, token, stored)
                .map(stamp -> onFilled(loaded, stamp, askedAt, life))
                .onErrorResume(failure -> {
                    path.counters.remoteFailures.increment();
                    giveBack();
                    return Mono.just(keepNowhere(loaded));
                });
    }

    private Entry<V> onFilled(Loading.Loaded<V> loaded, long stamp, long askedAt, long life) {
        if (stamp == RemoteState.NO_STAMP) {
            path.counters.refusedFills.increment();
            return keepNowhere(loaded);
        }
        long here = path.lifetimes.drawLocalNanos(life, ThreadLocalRandom.current());
        return keepIfLive(entry(loaded, stamp, askedAt, here));
    }

    private Mono<Loading.Loaded<V>> load() {
        return loader == null ? Mono.empty() : path.loading.load(key, loader);
    }

    private Mono<Entry<V>> loadAndKeepNowhere() {
        return load().map(this::keepNowhere);
    }

    /** For a value that no invalidation can void remotely: the flight's future is the fence, as for every local copy. */
    private Entry<V> keepHereOnly(Loading.Loaded<V> loaded) {
        if (loaded.isAbsent() && !path.lifetimes.keepsAbsence()) {
            return keepNowhere(loaded);
        }
        Lifetimes lifetimes = path.lifetimes;
        var random = ThreadLocalRandom.current();
        long life = lifetimes.drawLocalNanos(lifetimes.drawNanos(loaded.isAbsent(), null, random), random);
        return keepIfLive(entry(loaded, Entry.UNSTAMPED, path.timer.now(), life));
    }

    private Entry<V> keepNowhere(Loading.Loaded<V> loaded) {
        return entry(loaded, Entry.UNSTAMPED, path.timer.now(), 0);
    }

    private Entry<V> entry(Loading.Loaded<V> loaded, long stamp, long storedAt, long life) {
        return new Entry<>(loaded.value(), stamp, storedAt, storedAt + life, true, flight.epoch());
    }

    private Entry<V> keepIfLive(Entry<V> entry) {
        if (flight.epoch().isLive()) {
            path.local.keep(key, flight, entry);
        }
        return entry;
    }

    private void giveBack() {
        path.region.release(text, token).subscribe(null, failure -> path.counters.remoteFailures.increment());
    }
}
