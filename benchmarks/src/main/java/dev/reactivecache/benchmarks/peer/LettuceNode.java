package dev.reactivecache.benchmarks.peer;

import io.lettuce.core.RedisClient;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.support.caching.CacheAccessor;
import io.lettuce.core.support.caching.CacheFrontend;
import io.lettuce.core.support.caching.ClientSideCaching;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * {@code ClientSideCaching} over a map, with CLIENT TRACKING enabled on the connection that reads, as Lettuce documents
 * it. Its reads block, and so run on the callers' threads.
 */
final class LettuceNode implements NodeCache {
    private final Place place;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> writing;
    private final CacheFrontend<String, String> frontend;

    LettuceNode(Place place) {
        this.place = place;
        this.client = RedisClient.create(place.uri());
        this.writing = client.connect();
        this.frontend = ClientSideCaching.enable(
                CacheAccessor.forMap(new ConcurrentHashMap<>()), client.connect(), TrackingArgs.Builder.enabled());
    }

    @Override
    public CompletionStage<String> read(String key) {
        return CompletableFuture.supplyAsync(
                () -> frontend.get(
                        place.name() + ":" + key, () -> place.origin().load(key).block()),
                place.callers());
    }

    @Override
    public CompletionStage<?> change(String key, String value) {
        return writing.async().set(place.name() + ":" + key, value);
    }

    @Override
    public boolean onDrop(Consumer<String> listener) {
        return false;
    }

    @Override
    public void close() {
        client.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
