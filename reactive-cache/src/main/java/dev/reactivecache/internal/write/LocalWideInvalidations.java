package dev.reactivecache.internal.write;

import dev.reactivecache.Invalidation;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.internal.change.InvalidationHub;
import dev.reactivecache.internal.count.Counters;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.remote.Spread;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Invalidations of many keys of an in-memory cache. */
public final class LocalWideInvalidations<K> implements WideInvalidations {
    private final String cache;
    private final LocalStore<K, ?> local;
    private final InvalidationHub<K> hub;
    private final Counters counters;
    private final @Nullable KeyCodec<K> keys;

    public LocalWideInvalidations(
            String cache,
            LocalStore<K, ?> local,
            InvalidationHub<K> hub,
            Counters counters,
            @Nullable KeyCodec<K> keys) {
        this.cache = cache;
        this.local = local;
        this.hub = hub;
        this.counters = counters;
        this.keys = keys;
    }

    @Override
    public Mono<Void> end(@Nullable String tag) {
        return Mono.fromRunnable(() -> {
            if (tag == null) {
                local.clear();
            } else {
                local.dropTag(tag);
            }
            counters.invalidations.increment();
            hub.publishEnd(tag);
        });
    }

    @Override
    public Flux<Spread> spread(@Nullable String tag) {
        return Flux.just(new Spread(1, 1));
    }

    @Override
    public Flux<Long> invalidatePrefix(String prefix) {
        KeyCodec<K> codec = keys;
        if (codec == null) {
            throw new IllegalStateException(
                    "cache '" + cache + "' was built without key(KeyCodec), so its keys have no text with a prefix");
        }
        return Mono.fromSupplier(() -> local.dropIf(key -> isConcerned(codec, key, prefix)))
                .flux();
    }

    private boolean isConcerned(KeyCodec<K> codec, K key, String prefix) {
        boolean concerned = codec.encode(key).startsWith(prefix);
        if (concerned) {
            counters.invalidations.increment();
            hub.publish(new Invalidation.KeyInvalidated<>(key, Invalidation.Cause.INVALIDATED));
        }
        return concerned;
    }
}
