package dev.reactivecache.internal.write;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.Invalidation;
import dev.reactivecache.Loaded;
import dev.reactivecache.internal.age.Lives;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.flight.CarriedError;
import dev.reactivecache.internal.flight.SourceMono;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.internal.terms.OwnTerms;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.Spread;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Changes of an in-memory cache. Writes of one key that overlap leave it absent: their order is not known here. */
public final class LocalWrites<K, V> implements Writes<K, V> {
    private final LocalStore<K, V> local;
    private final Lives lives;
    private final OwnTerms<K, V> terms;
    private final TimeSource timer;
    private final BiConsumer<K, Invalidation.Cause> changed;
    private final Epoch epoch;
    private final ConcurrentHashMap<K, OpenWrites> writing = new ConcurrentHashMap<>();

    public LocalWrites(
            LocalStore<K, V> local,
            Lives lives,
            OwnTerms<K, V> terms,
            TimeSource timer,
            Epoch epoch,
            BiConsumer<K, Invalidation.Cause> changed) {
        this.local = local;
        this.lives = lives;
        this.terms = terms;
        this.timer = timer;
        this.epoch = epoch;
        this.changed = changed;
    }

    /**
     * The writes of one key that are under way.
     *
     * @param count how many
     * @param overlapped whether anything else has changed the key since the first began
     */
    private record OpenWrites(int count, boolean overlapped) {}

    /** One write; true once it has ended. */
    private static final class Write extends AtomicBoolean {
        private static final long serialVersionUID = 1;

        private final long fence;

        Write(long fence) {
            this.fence = fence;
        }
    }

    @Override
    public Mono<Void> put(K key, V value, EntryOptions options) {
        return Mono.fromRunnable(() -> {
            Loaded<V> stored = terms.of(key, Loaded.of(value).with(options));
            change(key, stored.isStored() ? value : null, stored.options());
        });
    }

    @Override
    public Mono<Void> invalidate(K key) {
        return Mono.fromRunnable(() -> change(key, null, EntryOptions.defaults()));
    }

    @Override
    public Flux<Spread> spread(K key) {
        return Flux.just(new Spread(1, 1));
    }

    /** Keeps a value, or drops the key. Changes of one key happen one after another, with the look at open writes. */
    private void change(K key, @Nullable V value, EntryOptions options) {
        writing.compute(key, (same, open) -> {
            keepOrDrop(key, open == null && value != null ? entry(value, options) : null);
            return open == null ? null : new OpenWrites(open.count(), true);
        });
        changed.accept(key, value == null ? Invalidation.Cause.INVALIDATED : Invalidation.Cause.REPLACED);
    }

    @Override
    public Mono<V> writeThrough(K key, Mono<? extends V> write, EntryOptions options) {
        return Mono.<V, Write>usingWhen(
                        Mono.fromSupplier(() -> begin(key)),
                        begun -> SourceMono.<V>of(() -> Mono.from(write))
                                .map(Optional::<V>of)
                                .defaultIfEmpty(Optional.empty())
                                .flatMap(result -> {
                                    end(key, begun, result.orElse(null), options);
                                    return Mono.<V>justOrEmpty(result);
                                }),
                        begun -> Mono.empty(),
                        (begun, failure) -> Mono.fromRunnable(() -> end(key, begun, null, options)),
                        begun -> Mono.fromRunnable(() -> end(key, begun, null, options)))
                .onErrorMap(CarriedError.class, CarriedError::unwrapped);
    }

    private Write begin(K key) {
        long fence = local.fence();
        writing.compute(key, (same, open) -> {
            local.drop(key);
            return open == null ? new OpenWrites(1, false) : new OpenWrites(open.count() + 1, true);
        });
        return new Write(fence);
    }

    private void end(K key, Write write, @Nullable V value, EntryOptions options) {
        if (!write.compareAndSet(false, true)) {
            return;
        }
        EntryOptions stored = value == null ? null : terms.ofWritten(key, value, options);
        writing.computeIfPresent(key, (same, open) -> {
            boolean alone = open.count() == 1 && !open.overlapped() && !local.isClearedSince(write.fence);
            Entry<V> entry = value == null || stored == null || !alone ? null : entry(value, stored);
            keepOrDrop(key, entry == null || local.isOver(entry, write.fence) ? null : entry);
            return open.count() == 1 ? null : new OpenWrites(open.count() - 1, true);
        });
        changed.accept(key, value == null ? Invalidation.Cause.INVALIDATED : Invalidation.Cause.REPLACED);
    }

    private void keepOrDrop(K key, @Nullable Entry<V> entry) {
        if (entry == null) {
            local.drop(key);
        } else {
            local.put(key, entry);
        }
    }

    private Entry<V> entry(V value, EntryOptions options) {
        long now = timer.now();
        var watches = local.watch(options.tags());
        return new Entry<>(
                value,
                Entry.UNSTAMPED,
                now,
                lives.inMemory(now, false, options, 0),
                Entry.From.SOURCE,
                epoch,
                Entry.Scope.of(watches),
                Entry.UNWEIGHED);
    }
}
