package dev.reactivecache;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A loader that says more than a value, in the place of one that does not. */
final class LoadedLoader<K, V> implements Function<K, Mono<V>> {
    private final Function<? super K, ? extends Mono<Loaded<V>>> loader;

    LoadedLoader(Function<? super K, ? extends Mono<Loaded<V>>> loader) {
        this.loader = loader;
    }

    @Nullable
    Mono<Loaded<V>> load(K key) {
        return loader.apply(key);
    }

    @Override
    public Mono<V> apply(K key) {
        return Mono.from(loader.apply(key)).mapNotNull(Loaded::value);
    }
}
