package dev.reactivecache.internal.write;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.remote.Spread;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Changes of single keys through the remote tier. What that does not acknowledge is kept before callers hear of it. */
public final class RemoteWrites<K, V> implements Writes<K, V> {
    private final TierWrites<K, V> writes;

    public RemoteWrites(TierWrites<K, V> writes) {
        this.writes = writes;
    }

    @Override
    public Mono<Void> put(K key, V value, EntryOptions options) {
        return Mono.defer(() -> {
            byte[] payload = writes.codecs.encodeOrThrow(value);
            String text = writes.codecs.text(key);
            boolean stores = writes.tier.rules().usesTier();
            Mono<Void> change = writes.tier
                    .generations()
                    .mark()
                    .flatMap(mark -> mark.isPresent() && stores
                            ? writes.tier.region().put(text, writes.newValue(payload, options, mark.get()))
                            : writes.tier.region().invalidate(text));
            return writes.repair(key, text).sendOrKeep(change);
        });
    }

    @Override
    public Mono<Void> invalidate(K key) {
        return Mono.defer(() -> {
            String text = writes.codecs.text(key);
            return writes.repair(key, text).sendOrKeep(writes.tier.region().invalidate(text));
        });
    }

    @Override
    public Flux<Spread> spread(K key) {
        return Flux.defer(() -> writes.tier.region().spread(writes.codecs.text(key)));
    }

    @Override
    public Mono<V> writeThrough(K key, Mono<? extends V> write, EntryOptions options) {
        return Mono.defer(() -> new RemoteWrite<>(writes, key, writes.codecs.text(key), options).run(write));
    }
}
