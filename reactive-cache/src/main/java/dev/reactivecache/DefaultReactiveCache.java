package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.Cached.Origin;
import dev.reactivecache.entry.Entry;
import dev.reactivecache.local.LocalStore;
import dev.reactivecache.observe.CacheObserver;
import dev.reactivecache.policy.Tags;
import dev.reactivecache.policy.Timer;
import dev.reactivecache.recovery.RecoveryHealth;
import dev.reactivecache.remote.RemoteTier;
import dev.reactivecache.remote.Spread;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The cache: checks what callers give, and hands it to the read path or the write path. */
final class DefaultReactiveCache<K, V> implements ReactiveCache<K, V> {
    /** How many changes of {@link #invalidateAll} or {@link #putAll} are under way at once. */
    private static final int CHANGES_AT_ONCE = 256;

    private final String name;
    private final @Nullable Function<? super K, ? extends Mono<? extends V>> loader;
    private final @Nullable Function<? super Set<K>, ? extends Mono<? extends Map<? extends K, ? extends V>>>
            bulkLoader;
    private final Reads<K, V> reads;
    private final BulkReads<K, V> bulkReads;
    private final WritePath<K, V> writes;
    private final WideInvalidations wide;
    private final LocalStore<K, V> local;
    private final InvalidationHub<K> hub;
    private final Counters counters;
    private final Observers observers;
    private final Timer timer;
    private final @Nullable RemoteTier remote;
    private final @Nullable Repairs recovery;
    private final AtomicBoolean closed;
    private final Runnable onClose;

    DefaultReactiveCache(
            String name,
            @Nullable Function<? super K, ? extends Mono<? extends V>> loader,
            @Nullable Function<? super Set<K>, ? extends Mono<? extends Map<? extends K, ? extends V>>> bulkLoader,
            Reads<K, V> reads,
            WritePath<K, V> writes,
            WideInvalidations wide,
            LocalStore<K, V> local,
            InvalidationHub<K> hub,
            Counters counters,
            Observers observers,
            Timer timer,
            @Nullable RemoteTier remote,
            @Nullable Repairs recovery,
            AtomicBoolean closed,
            Runnable onClose) {
        this.name = name;
        this.loader = loader;
        this.bulkLoader = bulkLoader;
        this.reads = reads;
        this.bulkReads = new BulkReads<>(name, reads, timer);
        this.writes = writes;
        this.wide = wide;
        this.local = local;
        this.hub = hub;
        this.counters = counters;
        this.observers = observers;
        this.timer = timer;
        this.remote = remote;
        this.recovery = recovery;
        this.closed = closed;
        this.onClose = onClose;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Mono<V> get(K key) {
        return ReadMono.of(reads, requireNonNull(key, "key"), null);
    }

    @Override
    public Mono<V> getOrFetch(K key) {
        return ReadMono.of(reads, requireNonNull(key, "key"), ownLoader());
    }

    @Override
    public Mono<V> getOrFetch(K key, Function<? super K, ? extends Mono<? extends V>> loader) {
        return ReadMono.of(reads, requireNonNull(key, "key"), requireNonNull(loader, "loader"));
    }

    @Override
    public Mono<V> getOrFetch(K key, Mono<? extends V> source) {
        requireNonNull(source, "source");
        return ReadMono.of(reads, requireNonNull(key, "key"), same -> source);
    }

    @Override
    public Mono<V> getOrFetchLoaded(K key, Function<? super K, ? extends Mono<Loaded<V>>> loader) {
        return getOrFetch(key, new LoadedLoader<>(requireNonNull(loader, "loader")));
    }

    @Override
    public Mono<Cached<V>> lookup(K key, Function<? super K, ? extends Mono<? extends V>> loader) {
        requireNonNull(key, "key");
        requireNonNull(loader, "loader");
        return Mono.defer(() -> {
            Entry<V> hit = reads.hit(key);
            return hit != null
                    ? Mono.just(cached(hit, Origin.LOCAL))
                    : reads.miss(key, loader).map(entry -> cached(entry, originOf(entry)));
        });
    }

    @Override
    public Mono<Cached<V>> lookupLoaded(K key, Function<? super K, ? extends Mono<Loaded<V>>> loader) {
        return lookup(key, new LoadedLoader<>(requireNonNull(loader, "loader")));
    }

    @Override
    public Mono<Cached<V>> peek(K key) {
        requireNonNull(key, "key");
        return Mono.defer(() -> {
            Entry<V> hit = reads.hit(key);
            return hit != null
                    ? Mono.just(cached(hit, Origin.LOCAL))
                    : reads.miss(key, null).map(entry -> cached(entry, originOf(entry)));
        });
    }

    /** Of an entry that memory alone did not answer. */
    private static Origin originOf(Entry<?> entry) {
        return switch (entry.from()) {
            case SOURCE -> Origin.LOADER;
            case REMOTE -> Origin.REMOTE;
            case UNCHECKED_MEMORY -> Origin.LOCAL_UNCHECKED;
        };
    }

    @Override
    public Mono<Cached<V>> lookup(K key) {
        return lookup(key, ownLoader());
    }

    private Function<? super K, ? extends Mono<? extends V>> ownLoader() {
        if (loader == null && bulkLoader == null) {
            throw new IllegalStateException("cache '" + name + "' was built without a loader: give one to this call");
        }
        return loader != null ? loader : this::loadAlone;
    }

    private Mono<V> loadAlone(K key) {
        return Mono.<Map<? extends K, ? extends V>>from(
                        requireNonNull(bulkLoader).apply(Set.of(key)))
                .mapNotNull(loaded -> loaded.get(key));
    }

    private Cached<V> cached(Entry<V> entry, Origin origin) {
        long now = timer.now();
        return new Cached<>(
                entry.value(),
                origin,
                origin == Origin.LOADER ? Duration.ZERO : Duration.ofNanos(Math.max(0, now - entry.loadedAtNanos())),
                Duration.ofNanos(Math.max(0, entry.expiresAtNanos() - now)));
    }

    @Override
    public Mono<Map<K, V>> getAll(Collection<? extends K> keys) {
        return whileOpen(bulkReads.values(BulkReads.distinct(keys), BulkReads.none()));
    }

    @Override
    public Mono<Map<K, V>> getOrFetchAll(Collection<? extends K> keys) {
        return bulkLoader != null
                ? getOrFetchAll(keys, bulkLoader)
                : whileOpen(bulkReads.values(BulkReads.distinct(keys), BulkReads.single(ownLoader())));
    }

    @Override
    public Mono<Map<K, V>> getOrFetchAll(
            Collection<? extends K> keys,
            Function<? super Set<K>, ? extends Mono<? extends Map<? extends K, ? extends V>>> loader) {
        return getOrFetchAll(keys, loader, BulkOptions.defaults());
    }

    @Override
    public Mono<Map<K, V>> getOrFetchAll(
            Collection<? extends K> keys,
            Function<? super Set<K>, ? extends Mono<? extends Map<? extends K, ? extends V>>> loader,
            BulkOptions options) {
        requireNonNull(loader, "loader");
        int loadSize = requireNonNull(options, "options").loadSize();
        return whileOpen(bulkReads.values(BulkReads.distinct(keys), bulkReads.together(loader, loadSize)));
    }

    @Override
    public Flux<Answer<K, V>> getOrFetchEach(
            Publisher<? extends K> keys,
            Function<? super Set<K>, ? extends Mono<? extends Map<? extends K, ? extends V>>> loader,
            BulkOptions options) {
        requireNonNull(loader, "loader");
        int loadSize = requireNonNull(options, "options").loadSize();
        return bulkReads.each(requireNonNull(keys, "keys"), options.readSize(), bulkReads.together(loader, loadSize));
    }

    @Override
    public Mono<WarmReport> warm(Publisher<? extends K> keys, WarmOptions options) {
        requireNonNull(keys, "keys");
        requireNonNull(options, "options");
        BulkReads.Loaders<K, V> loaders = bulkLoader != null
                ? bulkReads.together(bulkLoader, BulkOptions.defaults().loadSize())
                : BulkReads.single(ownLoader());
        return whileOpen(new Warming<>(bulkReads, timer).run(keys, loaders, options));
    }

    @Override
    public Mono<Void> put(K key, V value) {
        return put(key, value, EntryOptions.defaults());
    }

    @Override
    public Mono<Void> put(K key, V value, EntryOptions options) {
        requireNonNull(options, "options");
        return whileOpen(writes.put(requireNonNull(key, "key"), requireNonNull(value, "value"), options));
    }

    @Override
    public Mono<V> writeThrough(K key, Mono<? extends V> write) {
        return writeThrough(key, write, EntryOptions.defaults());
    }

    @Override
    public Mono<V> writeThrough(K key, Mono<? extends V> write, EntryOptions options) {
        return whileOpen(writes.writeThrough(
                requireNonNull(key, "key"), requireNonNull(write, "write"), requireNonNull(options, "options")));
    }

    @Override
    public Mono<Void> deleteThrough(K key, Mono<?> delete) {
        return whileOpen(writes.deleteThrough(requireNonNull(key, "key"), requireNonNull(delete, "delete")));
    }

    @Override
    public Mono<Void> invalidate(K key) {
        return whileOpen(writes.invalidate(requireNonNull(key, "key")));
    }

    @Override
    public Mono<InvalidationReceipt> invalidate(K key, Awaiting awaiting) {
        return receipt(invalidate(key), Flux.defer(() -> writes.spread(key)), awaiting);
    }

    @Override
    public Mono<Void> invalidateTag(String tag) {
        return whileOpen(wide.end(Tags.name(tag)));
    }

    @Override
    public Mono<InvalidationReceipt> invalidateTag(String tag, Awaiting awaiting) {
        return receipt(invalidateTag(tag), Flux.defer(() -> wide.spread(tag)), awaiting);
    }

    @Override
    public Mono<Void> clear() {
        return whileOpen(wide.end(null));
    }

    @Override
    public Mono<InvalidationReceipt> clear(Awaiting awaiting) {
        return receipt(clear(), Flux.defer(() -> wide.spread(null)), awaiting);
    }

    @Override
    public Mono<Long> invalidatePrefix(String prefix) {
        return invalidatingPrefix(prefix).takeLast(1).next();
    }

    @Override
    public Flux<Long> invalidatingPrefix(String prefix) {
        if (requireNonNull(prefix, "prefix").isEmpty()) {
            throw new IllegalArgumentException("prefix must not be empty: clear() invalidates every key");
        }
        Flux<Long> work = wide.invalidatePrefix(prefix);
        return Flux.defer(() -> closed.get() ? Flux.error(closedException(name)) : work);
    }

    private Mono<InvalidationReceipt> receipt(Mono<Void> change, Flux<Spread> spread, Awaiting awaiting) {
        Duration limit = requireNonNull(awaiting, "awaiting").everyNodeFor();
        Mono<InvalidationReceipt> nobodyAsked = Mono.just(new InvalidationReceipt.Acknowledged());
        return change.then(
                limit == null ? nobodyAsked : everyNode(spread, limit).switchIfEmpty(nobodyAsked));
    }

    private Mono<InvalidationReceipt> everyNode(Flux<Spread> spread, Duration limit) {
        return spread.takeUntilOther(Mono.delay(limit, timer.scheduler()))
                .takeLast(1)
                .next()
                .map(InvalidationReceipt::of)
                .doOnError(failure -> counters.remoteFailures.increment())
                .onErrorComplete();
    }

    @Override
    public Mono<Void> invalidateAll(Collection<? extends K> keys) {
        return whileOpen(all(BulkReads.distinct(keys), writes::invalidate));
    }

    @Override
    public Mono<Void> putAll(Map<? extends K, ? extends V> values) {
        Map<K, V> all = new LinkedHashMap<>();
        requireNonNull(values, "values")
                .forEach((key, value) -> all.put(requireNonNull(key, "key"), requireNonNull(value, "value")));
        return whileOpen(
                all(all.entrySet(), entry -> writes.put(entry.getKey(), entry.getValue(), EntryOptions.defaults())));
    }

    /** Makes all the changes, some at once; errors after all were tried. */
    private static <T> Mono<Void> all(Collection<T> all, Function<T, Mono<Void>> change) {
        return Flux.fromIterable(all)
                .flatMap(
                        each -> change.apply(each).then(Mono.<Throwable>empty()).onErrorResume(Mono::just),
                        CHANGES_AT_ONCE)
                .collectList()
                .flatMap(DefaultReactiveCache::firstOf);
    }

    private static Mono<Void> firstOf(List<Throwable> failures) {
        if (failures.isEmpty()) {
            return Mono.empty();
        }
        Throwable first = failures.get(0);
        failures.stream().skip(1).filter(other -> other != first).forEach(first::addSuppressed);
        return Mono.error(first);
    }

    private <T> Mono<T> whileOpen(Mono<T> work) {
        return Mono.defer(() -> closed.get() ? Mono.error(closedException(name)) : work);
    }

    static IllegalStateException closedException(String name) {
        return new IllegalStateException("cache '" + name + "' is closed");
    }

    @Override
    public Flux<Invalidation<K>> invalidations() {
        return hub;
    }

    @Override
    public CacheStats stats() {
        return counters.snapshot(local, recovery);
    }

    @Override
    public Disposable observe(CacheObserver observer) {
        return observers.add(requireNonNull(observer, "observer"));
    }

    @Override
    public CacheHealth health() {
        return CacheHealth.of(
                name,
                closed.get(),
                remote == null ? null : remote.health(),
                recovery == null ? RecoveryHealth.NOTHING_PENDING : recovery.health());
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            if (!closed.compareAndSet(false, true)) {
                return Mono.empty();
            }
            Mono<Void> last = recovery == null ? Mono.empty() : recovery.close();
            return last.doOnCancel(this::shut).then(Mono.fromRunnable(this::shut));
        });
    }

    private void shut() {
        onClose.run();
        hub.close();
    }

    @Override
    public String toString() {
        return "ReactiveCache[" + name + "]";
    }
}
