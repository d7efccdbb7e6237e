package dev.reactivecache.benchmarks.peer;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A bounded {@code AsyncCache}; nodes know nothing of each other. */
final class CaffeineNode implements NodeCache {
    private final Place place;
    private final AsyncCache<String, String> cache;

    CaffeineNode(Place place) {
        this.place = place;
        this.cache = Caffeine.newBuilder()
                .maximumSize(place.localSize())
                .expireAfterWrite(Duration.ofMinutes(10))
                .buildAsync();
    }

    @Override
    public CompletionStage<String> read(String key) {
        return cache.get(
                key, (missing, executor) -> place.origin().load(missing).toFuture());
    }

    @Override
    public CompletionStage<?> change(String key, String value) {
        cache.synchronous().put(key, value);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean onDrop(Consumer<String> listener) {
        return false;
    }

    @Override
    public void close() {
        cache.synchronous().invalidateAll();
    }
}
