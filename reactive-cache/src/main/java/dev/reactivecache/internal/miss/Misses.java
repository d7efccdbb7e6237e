package dev.reactivecache.internal.miss;

import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.load.Loader;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** How a key is answered that the local tier cannot answer. */
public interface Misses<K, V> {

    /**
     * The work of a flight, which subscribes to it at once, and once. Emits an entry, or nothing if there is no value
     * and no loader. What may be kept has been put in the flight's place by the time it is emitted.
     *
     * @param kept what the local tier has, if it may still be current, or null
     * @param loader asks the source, or null to ask only the tiers
     */
    Mono<Entry<V>> answer(Flight<Entry<V>> flight, K key, @Nullable Entry<V> kept, @Nullable Loader<K, V> loader);

    /** Asks the tiers below the local one, without keeping anything here. Empty if they have nothing. */
    Mono<Entry<V>> peek(K key);
}
