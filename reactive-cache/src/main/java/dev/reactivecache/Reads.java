package dev.reactivecache;

import dev.reactivecache.entry.Entry;
import dev.reactivecache.entry.Epoch;
import dev.reactivecache.local.LocalStore;
import dev.reactivecache.policy.Timer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** How a key is read: from memory, or on the key's one flight. */
final class Reads<K, V> {
    final String cache;
    final LocalStore<K, V> local;
    final MissPath<K, V> missPath;
    final Function<K, Epoch> epochs;
    final UnaryOperator<ContextView> loaderContext;
    final boolean outlivesCallers;
    final BooleanSupplier closed;
    final Timer timer;
    final Counters counters;

    Reads(
            String cache,
            LocalStore<K, V> local,
            MissPath<K, V> missPath,
            Function<K, Epoch> epochs,
            UnaryOperator<ContextView> loaderContext,
            boolean outlivesCallers,
            BooleanSupplier closed,
            Timer timer,
            Counters counters) {
        this.cache = cache;
        this.local = local;
        this.missPath = missPath;
        this.epochs = epochs;
        this.loaderContext = loaderContext;
        this.outlivesCallers = outlivesCallers;
        this.closed = closed;
        this.timer = timer;
        this.counters = counters;
    }

    /** What memory answers, or null. */
    @Nullable
    Entry<V> hit(K key) {
        Entry<V> entry = local.answer(key);
        if (entry != null) {
            counters.localHits.increment();
        }
        return entry;
    }

    /** Answers through the key's flight: joins it, or opens it. Empty if there is neither a value nor a loader. */
    Mono<Entry<V>> miss(K key, @Nullable Function<? super K, ? extends Mono<? extends V>> loader) {
        return new MissMono(key, loader);
    }

    private final class MissMono extends Mono<Entry<V>> {
        private final K key;
        private final @Nullable Function<? super K, ? extends Mono<? extends V>> loader;

        MissMono(K key, @Nullable Function<? super K, ? extends Mono<? extends V>> loader) {
            this.key = key;
            this.loader = loader;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Entry<V>> actual) {
            new MissRead<K, V, Entry<V>>(Reads.this, key, loader, actual) {
                @Override
                Entry<V> of(Entry<V> entry) {
                    return entry;
                }
            }.begin();
        }
    }
}
