package dev.reactivecache.internal.miss;

import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.load.Loader;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** How a key is answered that the local tier cannot answer. */
public interface Misses<K, V> {

    /**
     * The work of a flight, which subscribes to it at once, and once. Emits an entry, or nothing if there is no value
     * and no loader. What may be kept has been put in the flight's place by the time it is emitted. An entry whose time
     * to live has ended is emitted if it may be answered while it is loaded anew, or if loading it anew has failed
     * lately, or if there is no loader to do it; each reader decides for itself.
     *
     * @param kept what the local tier has, if it may still be current, or null
     * @param loader asks the source, or null to ask only the tiers
     */
    Mono<Entry<V>> answer(Flight<Entry<V>> flight, K key, @Nullable Entry<V> kept, @Nullable Loader<K, V> loader);

    /**
     * The work of a flight that nobody waits for: loads a key anew that may still be answered, and keeps what that
     * brings in its stead. Emits what the key then has, or nothing if nothing was loaded, because another node does, or
     * has done, or what is kept is of no use any more.
     *
     * @param kept what may still be answered
     * @param within for how much longer it may be fresh for this to be worth while, unless it has just failed; null: it
     *     is, whatever its age, and whatever has failed
     */
    Mono<Entry<V>> refresh(
            Flight<Entry<V>> flight, K key, Entry<V> kept, Loader<K, V> loader, @Nullable Duration within);

    /** Asks the tiers below the local one, without keeping anything here. Empty if they have nothing. */
    Mono<Entry<V>> peek(K key);
}
