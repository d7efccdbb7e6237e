package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.entry.Entry;
import dev.reactivecache.entry.Epoch;
import dev.reactivecache.entry.Mark;
import dev.reactivecache.flight.Flight;
import dev.reactivecache.local.LocalStore;
import dev.reactivecache.policy.Lifetimes;
import dev.reactivecache.policy.Timer;
import dev.reactivecache.recovery.Recovery;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteState;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A miss of a cache with a remote tier: what its {@link RemoteMiss} needs. */
final class RemoteMissPath<K, V> implements MissPath<K, V> {
    final CacheMode mode;
    final RemoteRegion region;
    final Recovery recovery;
    final Generations generations;
    final LocalStore<K, V> local;
    final Loading<K, V> loading;
    final Lifetimes lifetimes;
    final LeaseTerms leases;
    final Wakeups wakeups;
    final Timer timer;
    final Counters counters;
    private final KeyCodec<K> keys;
    private final ValueCodec<V> values;
    private final CodecFailures codecFailures;

    RemoteMissPath(
            CacheMode mode,
            RemoteRegion region,
            Recovery recovery,
            Generations generations,
            LocalStore<K, V> local,
            Loading<K, V> loading,
            KeyCodec<K> keys,
            ValueCodec<V> values,
            Lifetimes lifetimes,
            LeaseTerms leases,
            Wakeups wakeups,
            Timer timer,
            Counters counters,
            CodecFailures codecFailures) {
        this.mode = mode;
        this.region = region;
        this.recovery = recovery;
        this.generations = generations;
        this.local = local;
        this.loading = loading;
        this.keys = keys;
        this.values = values;
        this.lifetimes = lifetimes;
        this.leases = leases;
        this.wakeups = wakeups;
        this.timer = timer;
        this.counters = counters;
        this.codecFailures = codecFailures;
    }

    @Override
    public Mono<Entry<V>> answer(
            Flight<Entry<V>> flight,
            K key,
            @Nullable Entry<V> kept,
            @Nullable Function<? super K, ? extends Mono<? extends V>> loader) {
        try {
            return new RemoteMiss<>(this, flight, key, keys.encode(key), kept, loader).run();
        } catch (Throwable refused) { // by the key's codec
            return Mono.error(refused);
        }
    }

    @Override
    public Mono<Entry<V>> peek(K key) {
        return Mono.defer(() -> {
            String text = keys.encode(key);
            if (mode == CacheMode.LOCAL_ONLY || recovery.isPending(text) || generations.isClearPending()) {
                return Mono.empty();
            }
            long askedAt = timer.now();
            var heard = new AtomicReference<@Nullable Generation>();
            return askAlong(askedAt, region.read(text), heard::set, Mono::just)
                    .ofType(RemoteState.Value.class)
                    .filterWhen(state -> generations.stands(state.mark(), heard.get()))
                    .mapNotNull(state -> decode(state, askedAt, Epoch.none()));
        });
    }

    /** Asks the loader, if there is one. */
    Mono<Loading.Loaded<V>> load(K key, @Nullable Function<? super K, ? extends Mono<? extends V>> loader) {
        return loader == null ? Mono.empty() : loading.load(key, loader);
    }

    /** The same, for a key of which the remote tier cannot be asked. */
    Mono<Loading.Loaded<V>> loadInTurn(K key, @Nullable Function<? super K, ? extends Mono<? extends V>> loader) {
        return loader == null ? Mono.empty() : loading.loadInTurn(key, loader);
    }

    /** Asks the tier, and goes on with what it said. */
    <R> Mono<R> ask(Mono<RemoteState> question, Function<RemoteState, Mono<R>> next) {
        return new AskingMono<>(question, this::unavailable, next);
    }

    /** The same, asking at the same time for what {@link Generations#stands} needs, if that is not known. */
    <R> Mono<R> askAlong(
            long nowNanos,
            Mono<RemoteState> question,
            Consumer<Generation> hears,
            Function<RemoteState, Mono<R>> next) {
        return generations.isKnownAt(nowNanos)
                ? ask(question, next)
                : ask(generations.along(ask(question, Mono::just), hears), next);
    }

    /** A failure of the tier is a state like any other; nothing else can fail in there. */
    private RemoteState unavailable(Throwable failure) {
        counters.remoteFailures.increment();
        return new RemoteState.Unavailable(failure);
    }

    /** The entry of a value in the remote tier, or null if its bytes cannot be read. */
    @Nullable
    Entry<V> decode(RemoteState.Value state, long askedAtNanos, Epoch epoch) {
        V value = null;
        int weight = Entry.UNWEIGHED;
        if (!state.absent()) {
            try {
                ByteBuffer payload = requireNonNull(state.payload());
                weight = payload.remaining();
                value = requireNonNull(values.decode(payload), "value codec returned null");
            } catch (RuntimeException unreadable) {
                codecFailures.unreadable(unreadable);
                return null;
            }
        }
        counters.remoteHits.increment();
        long life = lifetimes.drawLocalNanos(state.remainingNanos(), ThreadLocalRandom.current());
        Mark mark = state.mark();
        return new Entry<>(
                value,
                state.stamp(),
                askedAtNanos - state.ageNanos(),
                askedAtNanos + life,
                Entry.From.REMOTE,
                epoch,
                mark,
                mark == null ? List.of() : local.watch(mark.tags()),
                weight);
    }

    /** The bytes of a loaded value; empty if it cannot be written. */
    Optional<byte[]> encode(V value) {
        try {
            return Optional.of(values.encode(value));
        } catch (RuntimeException unwritable) {
            codecFailures.unwritable(unwritable);
            return Optional.empty();
        }
    }
}
