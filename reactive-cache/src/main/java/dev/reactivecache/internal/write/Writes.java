package dev.reactivecache.internal.write;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.remote.Spread;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How a key is changed in all tiers. Each {@code Mono} is lazy and completes when no tier has anything older. */
public interface Writes<K, V> {

    Mono<Void> put(K key, V value, EntryOptions options);

    /** Puts each, some at once; errors after all were tried. */
    default Mono<Void> putAll(Map<K, V> values) {
        return Changes.all(values.entrySet(), entry -> put(entry.getKey(), entry.getValue(), EntryOptions.defaults()));
    }

    /** Emits what the write emits, which is then what the cache has; empty if the write is. */
    Mono<V> writeThrough(K key, Mono<? extends V> write, EntryOptions options);

    /** A write that leaves the key without a value. */
    default Mono<Void> deleteThrough(K key, Mono<?> delete) {
        return writeThrough(key, delete.then(Mono.empty()), EntryOptions.defaults())
                .then();
    }

    Mono<Void> invalidate(K key);

    /** How many nodes have applied the changes of a key that were acknowledged before; completes when all have. */
    Flux<Spread> spread(K key);
}
