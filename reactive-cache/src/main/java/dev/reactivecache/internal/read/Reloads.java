package dev.reactivecache.internal.read;

import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.load.Loader;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Loads keys anew because the application asks for it, whatever their age. */
public final class Reloads<K, V> {
    private final Reads<K, V> reads;

    public Reloads(Reads<K, V> reads) {
        this.reads = reads;
    }

    /**
     * Over what the tiers have, which others are answered with meanwhile; where they have nothing, an ordinary read.
     */
    public Mono<V> now(K key, Loader<K, V> loader) {
        Mono<Optional<V>> anew = Mono.defer(() -> kept(key))
                .flatMap(kept -> reads.refreshes.now(key, kept, loader, reads.epochs.apply(key)))
                .map(entry -> Optional.ofNullable(entry.value()));
        Mono<Optional<V>> read = ReadMono.of(reads, key, loader).singleOptional();
        return anew.switchIfEmpty(read).mapNotNull(found -> found.orElse(null));
    }

    private Mono<Entry<V>> kept(K key) {
        long now = reads.timer.now();
        Entry<V> here = reads.local.kept(key, now);
        return here != null && !here.isOver(now) && here.isSoundAt(now) ? Mono.just(here) : reads.misses.peek(key);
    }
}
