package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.ReactiveCacheBuilder.OnUnreachable;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.entry.Mark;
import dev.reactivecache.local.LocalStore;
import dev.reactivecache.policy.Lifetimes;
import dev.reactivecache.recovery.Recovery;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteTierException;
import dev.reactivecache.remote.Spread;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Changes through the remote tier. This node's own copy is dropped before the tier is told, and again once it has
 * acknowledged: a flight opened in between may have read what was there before. What it does not acknowledge is kept for
 * recovery before anybody hears of it.
 */
final class RemoteWritePath<K, V> implements WritePath<K, V> {
    final String cache;
    private final CacheMode mode;
    final RemoteRegion region;
    final Recovery recovery;
    final Generations generations;
    final Duration quarantine;
    final OnUnreachable onUnreachable;
    final Counters counters;
    private final LocalStore<K, V> local;
    private final KeyCodec<K> keys;
    private final ValueCodec<V> values;
    private final Lifetimes lifetimes;
    private final CodecFailures codecFailures;

    RemoteWritePath(
            String cache,
            CacheMode mode,
            RemoteRegion region,
            Recovery recovery,
            Generations generations,
            LocalStore<K, V> local,
            KeyCodec<K> keys,
            ValueCodec<V> values,
            Lifetimes lifetimes,
            Duration quarantine,
            OnUnreachable onUnreachable,
            Counters counters,
            CodecFailures codecFailures) {
        this.cache = cache;
        this.mode = mode;
        this.region = region;
        this.recovery = recovery;
        this.generations = generations;
        this.local = local;
        this.keys = keys;
        this.values = values;
        this.lifetimes = lifetimes;
        this.quarantine = quarantine;
        this.onUnreachable = onUnreachable;
        this.counters = counters;
        this.codecFailures = codecFailures;
    }

    @Override
    public Mono<Void> put(K key, V value, EntryOptions options) {
        return Mono.defer(() -> {
            byte[] payload = requireNonNull(values.encode(value), "value codec returned null");
            String text = keys.encode(key);
            boolean stores = mode != CacheMode.LOCAL_ONLY;
            Mono<Void> change = generations
                    .mark()
                    .flatMap(mark -> mark.isPresent() && stores
                            ? region.put(text, newValue(payload, options, mark.get()))
                            : region.invalidate(text));
            return recovering(key, text, change);
        });
    }

    @Override
    public Mono<Void> invalidate(K key) {
        return Mono.defer(() -> {
            String text = keys.encode(key);
            return recovering(key, text, region.invalidate(text));
        });
    }

    @Override
    public Flux<Spread> spread(K key) {
        return Flux.defer(() -> region.spread(keys.encode(key)));
    }

    @Override
    public Mono<V> writeThrough(K key, Mono<? extends V> write, EntryOptions options) {
        return Mono.defer(() -> new RemoteWrite<>(this, key, keys.encode(key), options).run(write));
    }

    @Override
    public Mono<Void> deleteThrough(K key, Mono<?> delete) {
        return Mono.<V>from(writeThrough(key, delete.then(Mono.empty()), EntryOptions.defaults()))
                .then();
    }

    /** Sends a change that is void without the tier's word; without it, or if nobody waits for it, the key is kept. */
    private Mono<Void> recovering(K key, String text, Mono<Void> change) {
        AtomicBoolean ended = new AtomicBoolean();
        return telling(key, text, change)
                .onErrorResume(
                        RemoteTierException.class,
                        failure -> Mono.error(notAcknowledged(key, recovery.keep(text), failure)))
                .doOnTerminate(() -> {
                    local.drop(key);
                    ended.set(true);
                })
                .doOnCancel(() -> {
                    if (!ended.get()) { // some subscribers cancel when they have what they want
                        recovery.keep(text);
                        local.drop(key);
                    }
                });
    }

    private RemoteTierException notAcknowledged(K key, boolean kept, RemoteTierException failure) {
        String fate = kept
                ? " is kept, and sent again until it is acknowledged; "
                : " is lost, because the cache is closed; ";
        return new RemoteTierException(
                "cache '" + cache + "': the invalidation of key " + key + fate + failure.getMessage(), failure);
    }

    /** Tells the tier of a change. If it acknowledges, whatever was pending of the key before is done. */
    Mono<Void> telling(K key, String text, Mono<Void> change) {
        return Mono.defer(() -> {
            local.drop(key);
            long mark = recovery.mark();
            return change.doOnSuccess(done -> recovery.acknowledged(text, mark)).doOnTerminate(() -> local.drop(key));
        });
    }

    /** Keeps an invalidation that nobody else would repeat. */
    void keep(K key, String text) {
        recovery.keep(text);
        local.drop(key);
    }

    /** What is to be stored of a written value, or null to leave the key absent. */
    @Nullable
    NewValue encodeOrLeaveAbsent(V value, EntryOptions options, @Nullable Mark mark) {
        if (mode == CacheMode.LOCAL_ONLY || mark == null || generations.isPending(options.tags())) {
            return null;
        }
        try {
            return newValue(requireNonNull(values.encode(value), "value codec returned null"), options, mark);
        } catch (RuntimeException unwritable) {
            codecFailures.unwritable(unwritable); // the source has it; the key is merely left absent
            return null;
        }
    }

    private NewValue newValue(byte[] payload, EntryOptions options, Mark mark) {
        long life = lifetimes.drawNanos(false, options.ttl(), ThreadLocalRandom.current());
        return new NewValue(payload, Duration.ofNanos(life), Duration.ZERO, mark.tagged(options.tags()));
    }
}
