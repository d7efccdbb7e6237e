package dev.reactivecache.internal.miss;

import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.RemoteState;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Misses of a cache with a remote tier: each is a {@link RemoteMiss}. */
public final class RemoteMisses<K, V> implements Misses<K, V> {
    private final TierReads<K, V> reads;

    public RemoteMisses(TierReads<K, V> reads) {
        this.reads = reads;
    }

    @Override
    public Mono<Entry<V>> answer(
            Flight<Entry<V>> flight, K key, @Nullable Entry<V> kept, @Nullable Loader<K, V> loader) {
        try {
            return new RemoteMiss<>(reads, flight, key, reads.codecs.text(key), kept, loader).run();
        } catch (Throwable refused) { // by the key's codec
            return Mono.error(refused);
        }
    }

    @Override
    public Mono<Entry<V>> refresh(
            Flight<Entry<V>> flight, K key, Entry<V> kept, Loader<K, V> loader, @Nullable Duration within) {
        try {
            return new RemoteReload<>(reads, flight, key, reads.codecs.text(key), kept, loader).run(within);
        } catch (Throwable refused) { // by the key's codec
            return Mono.error(refused);
        }
    }

    @Override
    public Mono<Entry<V>> peek(K key) {
        return Mono.defer(() -> {
            String text = reads.codecs.text(key);
            if (!reads.tier.rules().usesTier() || reads.isVoid(text)) {
                return Mono.empty();
            }
            long askedAt = reads.timer.now();
            var heard = new AtomicReference<@Nullable Generation>();
            return reads.askAlong(askedAt, reads.tier.region().read(text), heard::set, Mono::just)
                    .ofType(RemoteState.Value.class)
                    .filterWhen(state -> reads.tier.generations().stands(state.mark(), heard.get()))
                    .mapNotNull(state -> reads.decode(state, askedAt, Epoch.none()));
        });
    }
}
