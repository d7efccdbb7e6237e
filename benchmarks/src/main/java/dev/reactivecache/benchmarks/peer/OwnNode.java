package dev.reactivecache.benchmarks.peer;

import dev.reactivecache.Coalescing;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.redis.ChangeSource;
import dev.reactivecache.redis.RedisTier;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * This project's cache with its defaults; only the room in memory, the scope of coalescing and the source are given.
 */
final class OwnNode implements NodeCache {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final WatchedTier tier;
    private final ReactiveCache<String, String> cache;

    OwnNode(Place place, Coalescing coalescing, ChangeSource changes) {
        this.tier =
                new WatchedTier(RedisTier.builder(place.uri()).changes(changes).connect());
        tier.ready().block(PATIENCE);
        this.cache = ReactiveCache.<String, String>builder(place.name())
                .key(KeyCodec.ofString())
                .value(ValueCodec.ofString())
                .local(LocalTier.maximumSize(place.localSize()))
                .remote(tier)
                .coalescing(coalescing)
                .loader(place.origin()::load)
                .build();
    }

    @Override
    public CompletionStage<String> read(String key) {
        return cache.getOrFetch(key).toFuture();
    }

    @Override
    public CompletionStage<?> change(String key, String value) {
        return cache.put(key, value).toFuture();
    }

    @Override
    public boolean onDrop(Consumer<String> listener) {
        tier.watch(listener);
        return true;
    }

    @Override
    public long told() {
        return cache.stats().invalidations();
    }

    @Override
    public void close() {
        cache.close().block(PATIENCE);
        tier.close().block(PATIENCE);
    }
}
