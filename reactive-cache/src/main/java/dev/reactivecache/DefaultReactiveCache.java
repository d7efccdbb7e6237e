package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.internal.change.InvalidationHub;
import dev.reactivecache.internal.count.CacheReport;
import dev.reactivecache.internal.load.BulkLoader;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.internal.load.OwnLoaders;
import dev.reactivecache.internal.policy.Tags;
import dev.reactivecache.internal.read.BulkReads;
import dev.reactivecache.internal.read.Lifecycle;
import dev.reactivecache.internal.read.Lookups;
import dev.reactivecache.internal.read.ReadMono;
import dev.reactivecache.internal.read.Reads;
import dev.reactivecache.internal.read.Reloads;
import dev.reactivecache.internal.read.Warming;
import dev.reactivecache.internal.write.Changes;
import dev.reactivecache.observe.CacheObserver;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The cache: checks what callers give, and hands it to those that read and those that change. */
final class DefaultReactiveCache<K, V> implements ReactiveCache<K, V> {
    private final OwnLoaders<K, V> own;
    private final Reads<K, V> reads;
    private final Lookups<K, V> lookups;
    private final BulkReads<K, V> bulkReads;
    private final Changes<K, V> changes;
    private final InvalidationHub<K> hub;
    private final CacheReport report;
    private final Lifecycle life;

    DefaultReactiveCache(
            OwnLoaders<K, V> own,
            Reads<K, V> reads,
            Changes<K, V> changes,
            InvalidationHub<K> hub,
            CacheReport report,
            Lifecycle life) {
        this.own = own;
        this.reads = reads;
        this.lookups = new Lookups<>(reads);
        this.bulkReads = new BulkReads<>(reads);
        this.changes = changes;
        this.hub = hub;
        this.report = report;
        this.life = life;
    }

    @Override
    public String name() {
        return life.cache();
    }

    @Override
    public Mono<V> get(K key) {
        return ReadMono.of(reads, requireNonNull(key, "key"), null);
    }

    @Override
    public Mono<V> getOrFetch(K key) {
        return ReadMono.of(reads, requireNonNull(key, "key"), own.forOne());
    }

    @Override
    public Mono<V> getOrFetch(K key, Function<? super K, ? extends Mono<? extends V>> loader) {
        return ReadMono.ofValues(reads, requireNonNull(key, "key"), requireNonNull(loader, "loader"));
    }

    @Override
    public Mono<V> getOrFetch(K key, Mono<? extends V> source) {
        return ReadMono.ofSource(reads, requireNonNull(key, "key"), requireNonNull(source, "source"));
    }

    @Override
    public Mono<V> getOrFetchLoaded(K key, Function<? super K, ? extends Mono<Loaded<V>>> loader) {
        return ReadMono.of(reads, requireNonNull(key, "key"), Loader.ofLoaded(requireNonNull(loader, "loader")));
    }

    @Override
    public Mono<Cached<V>> lookup(K key, Function<? super K, ? extends Mono<? extends V>> loader) {
        return lookups.lookup(requireNonNull(key, "key"), Loader.ofValues(requireNonNull(loader, "loader")));
    }

    @Override
    public Mono<Cached<V>> lookupLoaded(K key, Function<? super K, ? extends Mono<Loaded<V>>> loader) {
        return lookups.lookup(requireNonNull(key, "key"), Loader.ofLoaded(requireNonNull(loader, "loader")));
    }

    @Override
    public Mono<Cached<V>> lookup(K key) {
        return lookups.lookup(requireNonNull(key, "key"), own.forOne());
    }

    @Override
    public Mono<Cached<V>> peek(K key) {
        return lookups.peek(requireNonNull(key, "key"));
    }

    @Override
    public Mono<V> refresh(K key) {
        return life.whileOpen(new Reloads<>(reads).now(requireNonNull(key, "key"), own.forOne()));
    }

    @Override
    public Mono<Map<K, V>> getAll(Collection<? extends K> keys) {
        return life.whileOpen(bulkReads.values(BulkReads.distinct(keys), BulkReads.none()));
    }

    @Override
    public Mono<Map<K, V>> getOrFetchAll(Collection<? extends K> keys) {
        return life.whileOpen(bulkReads.values(BulkReads.distinct(keys), bulkReads.by(own)));
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
        return life.whileOpen(
                bulkReads.values(BulkReads.distinct(keys), bulkReads.together(BulkLoader.ofValues(loader), loadSize)));
    }

    @Override
    public Flux<BulkAnswer<K, V>> getOrFetchEach(
            Publisher<? extends K> keys,
            Function<? super Set<K>, ? extends Mono<? extends Map<? extends K, ? extends V>>> loader,
            BulkOptions options) {
        requireNonNull(loader, "loader");
        int loadSize = requireNonNull(options, "options").loadSize();
        return bulkReads.each(
                requireNonNull(keys, "keys"),
                options.readSize(),
                bulkReads.together(BulkLoader.ofValues(loader), loadSize));
    }

    @Override
    public Mono<WarmReport> warm(Publisher<? extends K> keys, WarmOptions options) {
        requireNonNull(keys, "keys");
        requireNonNull(options, "options");
        return life.whileOpen(new Warming<>(bulkReads, reads.timer).run(keys, bulkReads.by(own), options));
    }

    @Override
    public Mono<Void> put(K key, V value) {
        return put(key, value, EntryOptions.defaults());
    }

    @Override
    public Mono<Void> put(K key, V value, EntryOptions options) {
        requireNonNull(options, "options");
        return life.whileOpen(changes.ofKey().put(requireNonNull(key, "key"), requireNonNull(value, "value"), options));
    }

    @Override
    public Mono<V> writeThrough(K key, Mono<? extends V> write) {
        return writeThrough(key, write, EntryOptions.defaults());
    }

    @Override
    public Mono<V> writeThrough(K key, Mono<? extends V> write, EntryOptions options) {
        return life.whileOpen(changes.ofKey()
                .writeThrough(
                        requireNonNull(key, "key"),
                        requireNonNull(write, "write"),
                        requireNonNull(options, "options")));
    }

    @Override
    public Mono<Void> deleteThrough(K key, Mono<?> delete) {
        return life.whileOpen(
                changes.ofKey().deleteThrough(requireNonNull(key, "key"), requireNonNull(delete, "delete")));
    }

    @Override
    public Mono<Void> invalidate(K key) {
        return life.whileOpen(changes.ofKey().invalidate(requireNonNull(key, "key")));
    }

    @Override
    public Mono<InvalidationReceipt> invalidate(K key, Awaiting awaiting) {
        return changes.receiptOfKey(invalidate(key), key, awaiting);
    }

    @Override
    public Mono<Void> invalidateTag(String tag) {
        return life.whileOpen(changes.end(Tags.name(tag)));
    }

    @Override
    public Mono<InvalidationReceipt> invalidateTag(String tag, Awaiting awaiting) {
        return changes.receiptOfEnd(invalidateTag(tag), tag, awaiting);
    }

    @Override
    public Mono<Void> clear() {
        return life.whileOpen(changes.end(null));
    }

    @Override
    public Mono<InvalidationReceipt> clear(Awaiting awaiting) {
        return changes.receiptOfEnd(clear(), null, awaiting);
    }

    @Override
    public Mono<Long> invalidatePrefix(String prefix) {
        return invalidatingPrefix(prefix).takeLast(1).next();
    }

    @Override
    public Flux<Long> invalidatingPrefix(String prefix) {
        Flux<Long> work = changes.invalidatePrefix(prefix);
        return Flux.defer(() -> life.isClosed() ? Flux.error(life.closedException()) : work);
    }

    @Override
    public Mono<Void> invalidateAll(Collection<? extends K> keys) {
        return life.whileOpen(Changes.all(BulkReads.distinct(keys), changes.ofKey()::invalidate));
    }

    @Override
    public Mono<Void> putAll(Map<? extends K, ? extends V> values) {
        Map<K, V> all = new LinkedHashMap<>();
        requireNonNull(values, "values")
                .forEach((key, value) -> all.put(requireNonNull(key, "key"), requireNonNull(value, "value")));
        return life.whileOpen(changes.ofKey().putAll(all));
    }

    @Override
    public Flux<Invalidation<K>> invalidations() {
        return hub;
    }

    @Override
    public CacheStats stats() {
        return report.stats();
    }

    @Override
    public Disposable observe(CacheObserver observer) {
        return report.observe(requireNonNull(observer, "observer"));
    }

    @Override
    public CacheHealth health() {
        return report.health(name(), life.isClosed());
    }

    @Override
    public Mono<Void> close() {
        return life.close();
    }

    @Override
    public String toString() {
        return "ReactiveCache[" + name() + "]";
    }
}
