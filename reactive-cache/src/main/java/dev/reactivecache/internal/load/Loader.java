package dev.reactivecache.internal.load;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.Loaded;
import dev.reactivecache.internal.flight.SourceMono;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Asks the source for a missing value. What users spell in several ways is turned into one of these where it is given,
 * so that everything behind that place knows one kind of loader.
 */
public interface Loader<K, V> {

    /** Calls the user's code. It may throw, or return null where it must not. */
    @Nullable
    Mono<Loaded<V>> load(K key);

    /**
     * The same with bounds around the call of the user's code. What that throws is signalled.
     *
     * @param cache the name of the cache, for messages
     */
    default Mono<Loaded<V>> load(K key, CallBounds bounds, String cache) {
        return bounds.around(SourceMono.of(() ->
                requireNonNull(load(key), () -> "the loader of cache '" + cache + "' returned null for key " + key)));
    }

    /** What loads the key anew after the read that brought this loader has ended; null if nothing may. */
    default @Nullable Loader<K, V> forRefresh() {
        return this;
    }

    /** Whether it calls the user's code for many keys at once, which then have one turn together. */
    default boolean loadsTogether() {
        return false;
    }

    /** The key will not be asked for soon, because others load it. It may be asked for later. */
    default void othersLoad(K key) {}

    /** The read of the key has ended, with or without a load. */
    default void ended(K key) {}

    /** A loader that gives plain values. */
    static <K, V> Loader<K, V> ofValues(Function<? super K, ? extends Mono<? extends V>> loader) {
        return key -> {
            Mono<? extends V> source = loader.apply(key);
            return source == null ? null : source.map(Loaded::<V>of);
        };
    }

    /** One that subscribes to what a caller gave, which is that caller's affair: it ends with the read. */
    static <K, V> Loader<K, V> ofSource(Mono<? extends V> source, @Nullable Loader<K, V> forRefresh) {
        return new Loader<>() {
            @Override
            public Mono<Loaded<V>> load(K key) {
                return source.map(Loaded::<V>of);
            }

            @Override
            public @Nullable Loader<K, V> forRefresh() {
                return forRefresh;
            }
        };
    }

    /** A loader that says more than a value. */
    static <K, V> Loader<K, V> ofLoaded(Function<? super K, ? extends Mono<Loaded<V>>> loader) {
        return loader::apply;
    }
}
