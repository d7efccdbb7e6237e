package dev.reactivecache.benchmarks.peer;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.redisson.Redisson;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.LocalCacheInvalidateListener;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.api.options.LocalCachedMapOptions.EvictionPolicy;
import org.redisson.api.options.LocalCachedMapOptions.ReconnectionStrategy;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/**
 * An {@code RLocalCachedMap}, which sends its invalidations within the script that writes. A missing value comes
 * through {@code computeIfAbsent}, which holds Redisson's lock of the key meanwhile: its means against a stampede.
 */
final class RedissonNode implements NodeCache {
    private final Place place;
    private final RedissonClient client;
    private final RLocalCachedMap<String, String> map;

    RedissonNode(Place place, ReconnectionStrategy onReconnection) {
        this.place = place;
        Config config = new Config();
        config.useSingleServer().setAddress(place.uri());
        this.client = Redisson.create(config);
        this.map = client.getLocalCachedMap(LocalCachedMapOptions.<String, String>name(place.name())
                .codec(StringCodec.INSTANCE)
                .cacheSize(place.localSize())
                .evictionPolicy(EvictionPolicy.LFU)
                .reconnectionStrategy(onReconnection));
    }

    @Override
    public CompletionStage<String> read(String key) {
        return map.getAsync(key).thenCompose(value -> {
            if (value != null) {
                return CompletableFuture.completedFuture(value);
            }
            return CompletableFuture.supplyAsync(
                    () -> map.computeIfAbsent(
                            key,
                            missing ->
                                    requireNonNull(place.origin().load(missing).block())),
                    place.callers());
        });
    }

    @Override
    public CompletionStage<?> change(String key, String value) {
        return map.fastPutAsync(key, value);
    }

    @Override
    public boolean onDrop(Consumer<String> listener) {
        map.addListener((LocalCacheInvalidateListener<String, String>) (key, value) -> listener.accept(key));
        return true;
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
