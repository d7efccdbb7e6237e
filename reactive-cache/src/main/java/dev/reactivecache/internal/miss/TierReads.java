package dev.reactivecache.internal.miss;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.internal.age.Lives;
import dev.reactivecache.internal.change.Generations;
import dev.reactivecache.internal.change.SharedTier;
import dev.reactivecache.internal.codec.TierCodecs;
import dev.reactivecache.internal.count.Counters;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.load.LoadResult;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.internal.load.SourceCalls;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.Mark;
import dev.reactivecache.remote.RemoteState;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What a miss needs of the remote tier, of the source, and of memory. */
public final class TierReads<K, V> {
    final SharedTier tier;
    final TierCodecs<K, V> codecs;
    final LocalStore<K, V> local;
    final Lives lives;
    final LeaseTerms leases;
    final TimeSource timer;
    final Counters counters;
    final FailedReloads<K, V> failedReloads;
    private final SourceCalls<K, V> sources;

    public TierReads(
            SharedTier tier,
            TierCodecs<K, V> codecs,
            LocalStore<K, V> local,
            SourceCalls<K, V> sources,
            Lives lives,
            LeaseTerms leases,
            TimeSource timer,
            Counters counters) {
        this.tier = tier;
        this.codecs = codecs;
        this.local = local;
        this.sources = sources;
        this.lives = lives;
        this.leases = leases;
        this.timer = timer;
        this.counters = counters;
        this.failedReloads = new FailedReloads<>(local, lives.terms(), timer);
    }

    /** Asks the loader, if there is one. */
    Mono<LoadResult<V>> load(K key, @Nullable Loader<K, V> loader) {
        return loader == null ? Mono.empty() : sources.load(key, loader);
    }

    /** The same, for a key of which the remote tier cannot be asked. */
    Mono<LoadResult<V>> loadInTurn(K key, @Nullable Loader<K, V> loader) {
        return loader == null ? Mono.empty() : sources.loadInTurn(key, loader);
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
        return tier.generations().isKnownAt(nowNanos)
                ? ask(question, next)
                : ask(tier.generations().along(ask(question, Mono::just), hears), next);
    }

    /** A failure of the tier is a state like any other; nothing else can fail in there. */
    private RemoteState unavailable(Throwable failure) {
        counters.remoteFailures.increment();
        return new RemoteState.Unavailable(failure);
    }

    /** Whether what the tier has of a key is void, and the tier does not know it. */
    boolean isVoid(String text) {
        return tier.repairs().isKeyPending(text) || tier.repairs().isClearPending();
    }

    /** The entry of a value in the remote tier, or null if its bytes cannot be read. */
    @Nullable
    Entry<V> decode(RemoteState.Value state, long askedAtNanos, Epoch epoch) {
        V value = null;
        int weight = Entry.UNWEIGHED;
        if (!state.absent()) {
            ByteBuffer payload = requireNonNull(state.payload(), "a value that was read has a payload");
            weight = payload.remaining();
            value = codecs.decode(payload);
            if (value == null) {
                return null;
            }
        }
        counters.remoteHits.increment();
        Mark mark = state.mark();
        return new Entry<>(
                value,
                state.stamp(),
                askedAtNanos - state.ageNanos(),
                lives.told(state, askedAtNanos),
                Entry.From.REMOTE,
                epoch,
                new Entry.Scope(mark, mark == null ? List.of() : local.watch(mark.tags())),
                weight);
    }
}
