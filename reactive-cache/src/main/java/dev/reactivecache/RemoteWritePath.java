package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.entry.Tokens;
import dev.reactivecache.local.LocalStore;
import dev.reactivecache.policy.Lifetimes;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteRegion;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Changes through the remote tier. This node's own copy is dropped before the tier is told, and again once it has
 * acknowledged: a flight opened in between may have read what was there before.
 */
final class RemoteWritePath<K, V> implements WritePath<K, V> {
    private final String cache;
    private final RemoteRegion region;
    private final LocalStore<K, V> local;
    private final KeyCodec<K> keys;
    private final ValueCodec<V> values;
    private final Lifetimes lifetimes;
    private final Duration quarantine;
    private final Counters counters;
    private final CodecFailures codecFailures;

    RemoteWritePath(
            String cache,
            RemoteRegion region,
            LocalStore<K, V> local,
            KeyCodec<K> keys,
            ValueCodec<V> values,
            Lifetimes lifetimes,
            Duration quarantine,
            Counters counters,
            CodecFailures codecFailures) {
        this.cache = cache;
        this.region = region;
        this.local = local;
        this.keys = keys;
        this.values = values;
        this.lifetimes = lifetimes;
        this.quarantine = quarantine;
        this.counters = counters;
        this.codecFailures = codecFailures;
    }

    @Override
    public Mono<Void> put(K key, V value, @Nullable Duration ttl) {
        return Mono.defer(() -> {
            NewValue stored = newValue(values.encode(value), ttl);
            return dropping(key, region.put(keys.encode(key), stored));
        });
    }

    @Override
    public Mono<Void> invalidate(K key) {
        return Mono.defer(() -> dropping(key, region.invalidate(keys.encode(key))));
    }

    @Override
    public Mono<V> writeThrough(K key, Mono<? extends V> write) {
        return quarantined(key, write);
    }

    @Override
    public Mono<Void> deleteThrough(K key, Mono<?> delete) {
        return Mono.<V>from(quarantined(key, delete.then(Mono.empty()))).then();
    }

    private Mono<V> quarantined(K key, Mono<? extends V> write) {
        return Mono.defer(() -> {
            String text = keys.encode(key);
            long token = Tokens.next();
            AtomicBoolean ended = new AtomicBoolean();
            return dropping(key, region.beginWrite(text, token, quarantine))
                    .doOnError(failure -> abandon(key, text, token)) // it may have been begun all the same
                    .then(written(key, text, token, write))
                    .doOnNext(result -> ended.set(true))
                    .doOnCancel(() -> {
                        if (!ended.get()) { // some subscribers cancel when they have what they want
                            abandon(key, text, token);
                        }
                    });
        });
    }

    private Mono<V> written(K key, String text, long token, Mono<? extends V> write) {
        return write.map(Optional::<V>of)
                .defaultIfEmpty(Optional.empty())
                .onErrorResume(failure -> end(key, text, token, null)
                        .onErrorResume(alsoFailed -> {
                            counters.remoteFailures.increment();
                            return Mono.empty();
                        })
                        .then(Mono.error(failure)))
                .flatMap(result -> end(key, text, token, result.orElse(null))
                        .onErrorMap(failure -> new UncertainWriteException(cache, key, failure))
                        .then(Mono.justOrEmpty(result)));
    }

    private Mono<Void> end(K key, String text, long token, @Nullable V value) {
        return dropping(key, region.endWrite(text, token, value == null ? null : encodeOrLeaveAbsent(value)));
    }

    private @Nullable NewValue encodeOrLeaveAbsent(V value) {
        try {
            return newValue(values.encode(value), null);
        } catch (RuntimeException unwritable) {
            codecFailures.unwritable(unwritable); // the source has it; the key is merely left absent
            return null;
        }
    }

    private NewValue newValue(byte[] payload, @Nullable Duration ttl) {
        long life = lifetimes.drawNanos(false, ttl, ThreadLocalRandom.current());
        return new NewValue(
                requireNonNull(payload, "value codec returned null"), Duration.ofNanos(life), Duration.ZERO);
    }

    private Mono<Void> dropping(K key, Mono<Void> told) {
        return Mono.defer(() -> {
            local.drop(key);
            return told.doOnTerminate(() -> local.drop(key));
        });
    }

    private void abandon(K key, String text, long token) {
        end(key, text, token, null).subscribe(null, failure -> counters.remoteFailures.increment());
    }
}
