package dev.reactivecache.internal.write;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.Loaded;
import dev.reactivecache.remote.Spread;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
        return Mono.defer(() -> begin(key, value, options).run());
    }

    /** All are older than what is subscribed to from now on, also those that wait until others have been sent. */
    @Override
    public Mono<Void> putAll(Map<K, V> values) {
        return Mono.using(
                () -> values.entrySet().stream()
                        .map(entry -> begin(entry.getKey(), entry.getValue(), EntryOptions.defaults()))
                        .toList(),
                puts -> Changes.all(puts, Put::run),
                puts -> puts.forEach(Put::leave));
    }

    private Put begin(K key, V value, EntryOptions options) {
        String text;
        Loaded<V> stored;
        try {
            text = writes.codecs.text(key);
            stored = writes.ownTerms.of(key, Loaded.of(value).with(options));
        } catch (Throwable refused) { // by code of the user's: a put like others, which fails
            return new Put(null, Mono.error(refused));
        }
        PutOrder.Place place = writes.order.enter(text, stored.options().tags());
        return new Put(place, Mono.defer(() -> send(key, text, value, stored, place)));
    }

    /** A put that has its place among the changes of its key. */
    private record Put(PutOrder.@Nullable Place place, Mono<Void> work) {
        Mono<Void> run() {
            return work.doFinally(end -> leave());
        }

        void leave() {
            if (place != null) {
                place.leave();
            }
        }
    }

    private Mono<Void> send(K key, String text, V value, Loaded<V> stored, PutOrder.Place place) {
        byte[] payload = writes.codecs.encodeOrThrow(value);
        boolean stores = stored.isStored() && writes.tier.rules().usesTier();
        Mono<Void> invalidation = writes.tier.region().invalidate(text);
        Mono<Void> change = writes.tier
                .generations()
                .mark()
                .flatMap(mark -> mark.isPresent() && stores
                        ? place.send(
                                writes.tier.region().put(text, writes.newValue(payload, stored.options(), mark.get())),
                                invalidation)
                        : invalidation);
        return writes.repair(key, text).sendOrKeep(change);
    }

    @Override
    public Mono<Void> invalidate(K key) {
        return Mono.defer(() -> {
            String text = writes.codecs.text(key);
            writes.order.overtake(text);
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
