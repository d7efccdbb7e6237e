package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.internal.load.BulkLoader;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.internal.policy.Checks;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.observe.CacheObserver;
import dev.reactivecache.remote.RemoteTier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.context.ContextView;

/**
 * Builds a {@link ReactiveCache}. Each value is checked where it is given, combinations in {@link #build()}. Used by
 * one thread; may build several caches of one name only if at most one of them has a remote tier.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class ReactiveCacheBuilder<K, V> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    final String name;

    @Nullable
    KeyCodec<K> keys;

    @Nullable
    ValueCodec<V> values;

    LocalTier<? super K, ? super V> local = LocalTier.maximumSize(10_000);

    @Nullable
    RemoteTier remote;

    @Nullable
    Loader<K, V> loader;

    @Nullable
    BulkLoader<K, V> bulkLoader;

    Duration loadTimeout = Duration.ofSeconds(10);
    Duration quarantine = Duration.ofSeconds(5);
    Duration lease = Duration.ofSeconds(3);
    Coalescing coalescing = Coalescing.LOCAL;
    CacheMode mode = CacheMode.BOUNDED;
    UnaryOperator<ContextView> loaderContext = UnaryOperator.identity();
    OnAbandon onAbandon = OnAbandon.CANCEL_LOAD;
    TimeSource timer = TimeSource.system();
    int invalidationBuffer = 1_024;
    int recoveryCapacity = 10_000;
    int loadBulkhead = 256;
    OnUnreachable onUnreachable = OnUnreachable.REFUSE_WRITE;

    final List<CacheObserver> observers = new ArrayList<>();

    final StaleSettings stale = new StaleSettings();

    Duration ttl = Duration.ofMinutes(10);

    @Nullable
    Duration absentTtl;

    double jitter = 0.1;

    @Nullable
    BiFunction<? super K, ? super V, ? extends Collection<String>> tags;

    @Nullable
    BiFunction<? super K, ? super V, ? extends @Nullable Duration> ttlOfValue;

    ReactiveCacheBuilder(String name) {
        requireNonNull(name, "name");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("cache name ('" + name + "') must match " + NAME);
        }
        this.name = name;
    }

    /** How keys are spelt in the remote tier. Required with a remote tier, otherwise unused. */
    public ReactiveCacheBuilder<K, V> key(KeyCodec<K> codec) {
        this.keys = requireNonNull(codec, "key codec");
        return this;
    }

    /**
     * How values are encoded in the remote tier. Required with a remote tier, and with
     * {@link LocalTier#maximumEncodedSize}; otherwise unused.
     */
    public ReactiveCacheBuilder<K, V> value(ValueCodec<V> codec) {
        this.values = requireNonNull(codec, "value codec");
        return this;
    }

    /** How much is kept in memory. Default: 10,000 entries. */
    public ReactiveCacheBuilder<K, V> local(LocalTier<? super K, ? super V> tier) {
        this.local = requireNonNull(tier, "local tier");
        return this;
    }

    /** The tier shared with other nodes. Without one this is an in-memory cache. */
    public ReactiveCacheBuilder<K, V> remote(RemoteTier tier) {
        this.remote = requireNonNull(tier, "remote tier");
        return this;
    }

    /**
     * How long a value is fresh after it was loaded or written, and how long it is served unless there is a
     * {@linkplain #staleWhileRevalidate window} after that. Default: 10 minutes.
     *
     * @throws IllegalArgumentException if it is below a millisecond or above 1,000 days
     */
    public ReactiveCacheBuilder<K, V> ttl(Duration ttl) {
        this.ttl = Checks.ttl("ttl", ttl);
        return this;
    }

    /**
     * How long a value may be served that says so itself, such as a token: of whatever is loaded, also by bulk reads
     * and {@linkplain ReactiveCache#warm warming}, put, or written through. Null is the cache's {@link #ttl(Duration)},
     * and what a loader or a call says itself goes before. Bounds are those of {@link Loaded#withTtl}: a value that is
     * over is not stored. A function that throws fails the load or the put; a value written through is then not stored.
     */
    public ReactiveCacheBuilder<K, V> ttlOf(BiFunction<? super K, ? super V, ? extends @Nullable Duration> ttl) {
        this.ttlOfValue = requireNonNull(ttl, "ttlOf");
        return this;
    }

    /**
     * The tags of a value, for {@link ReactiveCache#invalidateTag}: of whatever is loaded, also by bulk reads and
     * {@linkplain ReactiveCache#warm warming}, put, or written through. Tags that a loader or a call gives go before.
     * As {@link EntryOptions#withTags(Collection)}; a function that throws, or gives others, fails the load or the put;
     * a value written through is then not stored.
     */
    public ReactiveCacheBuilder<K, V> tagsOf(BiFunction<? super K, ? super V, ? extends Collection<String>> tags) {
        this.tags = requireNonNull(tags, "tagsOf");
        return this;
    }

    /**
     * The largest share that is taken off a time to live at random, uniformly, so that what was stored together does
     * not expire together. Drawn anew for each tier and each copy; a time to live is never made longer. Default: 0.1.
     *
     * @throws IllegalArgumentException if it is not at least 0 and below 1
     */
    public ReactiveCacheBuilder<K, V> jitter(double fraction) {
        this.jitter = Checks.fraction("jitter", fraction);
        return this;
    }

    /**
     * Keeps the knowledge that the source has no value, for this long. By default it is not kept.
     *
     * @throws IllegalArgumentException if it is below a millisecond or above 1,000 days
     */
    public ReactiveCacheBuilder<K, V> absentTtl(Duration absentTtl) {
        this.absentTtl = Checks.ttl("absentTtl", absentTtl);
        return this;
    }

    /**
     * For how long after its time to live a value is still answered, at once, while it is loaded anew: by one node of
     * all that share the remote tier, and because somebody read it. Nobody waits for that load; it ends by
     * {@link #loadTimeout}. What was invalidated is never answered so. Default: zero, not at all.
     *
     * <p>The load is made by the reader's own loader, or by that of {@link #loader} where a read has none or was given
     * a {@code Mono}, which ends with it; without either such a read waits for its load.
     *
     * @throws IllegalArgumentException if it is negative or above 1,000 days
     */
    public ReactiveCacheBuilder<K, V> staleWhileRevalidate(Duration window) {
        stale.revalidate(window);
        return this;
    }

    /**
     * For how long after its time to live a value is answered if loading it anew fails: with any {@link Exception} but
     * {@link RecursiveLoadException}. Counted from the end of the time to live, whatever
     * {@link #staleWhileRevalidate} is. The value must still be current when it is given: one that was invalidated, or
     * of which that cannot be said, is not; the reader then gets the loader's error. Default: zero, not at all.
     *
     * @throws IllegalArgumentException if it is negative or above 1,000 days
     */
    public ReactiveCacheBuilder<K, V> staleIfError(Duration window) {
        stale.error(window);
        return this;
    }

    /**
     * The same for the failures for which {@code failures} holds. Any other reaches its callers, and what is kept of
     * the key goes: such a failure says that the old value must not be answered any more.
     */
    public ReactiveCacheBuilder<K, V> staleIfError(Duration window, Predicate<? super Throwable> failures) {
        stale.covered(failures);
        return staleIfError(window);
    }

    /**
     * After how long a reader is answered with a value within {@link #staleIfError}, instead of waiting for its load;
     * that goes on. Counted from the beginning of the read. Default: none, readers wait.
     *
     * @throws IllegalArgumentException if it is not above zero, or above 1,000 days
     */
    public ReactiveCacheBuilder<K, V> softTimeout(Duration timeout) {
        stale.softTimeout(timeout);
        return this;
    }

    /**
     * Loads values anew shortly before their time to live ends, so that readers of a busy key never meet one that has
     * ended: each read draws, and is the likelier to begin the load the less time is left and the longer the last load
     * took (XFetch; Vattani and others, VLDB 2015). Default: off.
     *
     * @param beta how early; 1 suits loads that take about as long each time, more is earlier
     * @throws IllegalArgumentException if it is not between 0.1 and 10
     */
    public ReactiveCacheBuilder<K, V> earlyRefresh(double beta) {
        stale.early(beta);
        return this;
    }

    /**
     * For how long a key is not loaded anew after that has failed, on any node: {@code first}, shortened by up to a
     * half at random, and twice as long after each failure in a row, up to {@code longest}. Any success or invalidation
     * ends it. Only where there is a value to answer with. Default: 1 second, 30 seconds.
     *
     * @throws IllegalArgumentException if one is below a millisecond or above 1,000 days, or the first is the longer
     */
    public ReactiveCacheBuilder<K, V> refreshBackoff(Duration first, Duration longest) {
        stale.backoff(first, longest);
        return this;
    }

    /**
     * How many keys of this cache may be loaded anew at a time on this node with nobody waiting. Beyond that values are
     * answered all the same, and a later read tries again. Default: 64.
     *
     * @throws IllegalArgumentException if it is not above zero
     */
    public ReactiveCacheBuilder<K, V> refreshBulkhead(int refreshes) {
        stale.bulkhead(refreshes);
        return this;
    }

    /**
     * What a load that nobody waits for sees of the Reactor Context of the read that began it, which will have ended by
     * then. Default: as {@link #loaderContext}.
     */
    public ReactiveCacheBuilder<K, V> refreshContext(UnaryOperator<ContextView> selection) {
        stale.context(selection);
        return this;
    }

    /** Loads missing values when a call names no loader. It must not block; it may complete empty. */
    public ReactiveCacheBuilder<K, V> loader(Function<? super K, ? extends Mono<? extends V>> loader) {
        this.loader = Loader.ofValues(requireNonNull(loader, "loader"));
        return this;
    }

    /**
     * Loads many missing values at once when a {@linkplain ReactiveCache#getOrFetchAll(java.util.Collection) bulk read}
     * names no loader. It must not block; keys that its map lacks are absent. Where there is no {@link #loader} it is
     * also asked for single keys.
     */
    public ReactiveCacheBuilder<K, V> bulkLoader(
            Function<? super Set<K>, ? extends Mono<? extends Map<? extends K, ? extends V>>> loader) {
        this.bulkLoader = BulkLoader.ofValues(requireNonNull(loader, "bulkLoader"));
        return this;
    }

    /** As {@link #bulkLoader}, with tags, a time to live, or neither to be stored, for each value. */
    public ReactiveCacheBuilder<K, V> bulkLoaderLoaded(
            Function<? super Set<K>, ? extends Mono<? extends Map<? extends K, Loaded<V>>>> loader) {
        this.bulkLoader = BulkLoader.ofLoaded(requireNonNull(loader, "bulkLoader"));
        return this;
    }

    /**
     * After how long a load is cancelled and its callers get {@link LoadTimeoutException}. Default: 10 seconds.
     *
     * @throws IllegalArgumentException if it is not above zero, or above 1,000 days
     */
    public ReactiveCacheBuilder<K, V> loadTimeout(Duration timeout) {
        this.loadTimeout = Checks.positive("loadTimeout", timeout);
        return this;
    }

    /**
     * How many loads of this cache may run at a time on this node for keys of which the remote tier cannot be asked, so
     * that its loss does not turn all traffic on the source at once. Other keys wait for their turn, for
     * {@code loadTimeout} at most; their callers then get {@link LoadTimeoutException}. A call of a bulk loader is one
     * load, however many keys it is given. A load that another one with a turn waits for, because its loader reads this
     * or another cache, shares that turn. Default: 256.
     *
     * @throws IllegalArgumentException if it is not above zero
     */
    public ReactiveCacheBuilder<K, V> loadBulkhead(int loads) {
        this.loadBulkhead = (int) Checks.positive("loadBulkhead", loads);
        return this;
    }

    /**
     * What a shared loader sees of the Reactor Context of the caller that started it. Default: all of it. Return
     * {@code Context.empty()} where a value must not depend on who asked first.
     */
    public ReactiveCacheBuilder<K, V> loaderContext(UnaryOperator<ContextView> selection) {
        this.loaderContext = requireNonNull(selection, "loaderContext");
        return this;
    }

    /** What becomes of a load whose callers have all cancelled. Default: {@link OnAbandon#CANCEL_LOAD}. */
    public ReactiveCacheBuilder<K, V> onAbandon(OnAbandon policy) {
        this.onAbandon = requireNonNull(policy, "onAbandon");
        return this;
    }

    /** What is answered from memory, where there is a remote tier. Default: {@link CacheMode#BOUNDED}. */
    public ReactiveCacheBuilder<K, V> mode(CacheMode mode) {
        this.mode = requireNonNull(mode, "mode");
        return this;
    }

    /** Who shares one load of a missing key, where there is a remote tier. Default: {@link Coalescing#LOCAL}. */
    public ReactiveCacheBuilder<K, V> coalescing(Coalescing scope) {
        this.coalescing = requireNonNull(scope, "coalescing");
        return this;
    }

    /**
     * For how long a node that loads has the right to fill the key before it must renew that right, which it does three
     * times as often while the load runs. After a crash of the loading node others do not fill the key until this has
     * passed. Default: 3 seconds.
     *
     * @throws IllegalArgumentException if it is below 100 milliseconds or above 1,000 days
     */
    public ReactiveCacheBuilder<K, V> lease(Duration lease) {
        Checks.ttl("lease", lease);
        if (lease.toMillis() < 100) {
            throw new IllegalArgumentException("lease (" + lease + ") must be at least 100 milliseconds");
        }
        this.lease = lease;
        return this;
    }

    /**
     * For how long at most a write-through keeps others from filling its key. Longer than the slowest write; a write
     * that takes longer stays right, but leaves the key absent. After a crash of the writer the key is not cached until
     * this has passed. Default: 5 seconds.
     *
     * @throws IllegalArgumentException if it is below a millisecond or above 1,000 days
     */
    public ReactiveCacheBuilder<K, V> quarantine(Duration quarantine) {
        this.quarantine = Checks.ttl("quarantine", quarantine);
        return this;
    }

    /**
     * What becomes of a write-through when the remote tier cannot be told that it begins. Default:
     * {@link OnUnreachable#REFUSE_WRITE}.
     */
    public ReactiveCacheBuilder<K, V> onUnreachable(OnUnreachable policy) {
        this.onUnreachable = requireNonNull(policy, "onUnreachable");
        return this;
    }

    /**
     * Of how many keys invalidations are kept that the remote tier has not acknowledged; those of one key count once,
     * and tags likewise. One more turns all of them into one clear, which is kept; until it is acknowledged this node
     * neither believes nor stores anything in the remote tier. As many are remembered that it acknowledged within the
     * last minute. Default: 10,000.
     *
     * @throws IllegalArgumentException if it is not above zero
     */
    public ReactiveCacheBuilder<K, V> recoveryCapacity(int keys) {
        this.recoveryCapacity = (int) Checks.positive("recoveryCapacity", keys);
        return this;
    }

    /**
     * How many keys may wait for one slow subscriber of {@link ReactiveCache#invalidations()} before they are replaced
     * by a gap. Default: 1,024.
     *
     * @throws IllegalArgumentException if it is not above zero
     */
    public ReactiveCacheBuilder<K, V> invalidationBuffer(int keys) {
        this.invalidationBuffer = (int) Checks.positive("invalidationBuffer", keys);
        return this;
    }

    /**
     * Tells an observer what the cache does; each call adds one. Default: none, which costs nothing. A hit in memory is
     * never told.
     */
    public ReactiveCacheBuilder<K, V> observer(CacheObserver observer) {
        observers.add(requireNonNull(observer, "observer"));
        return this;
    }

    /**
     * The scheduler whose clock measures every time of this cache and that runs its timeouts: for tests, one of virtual
     * time. Its clock must never go back. It also runs the subscribers of {@link ReactiveCache#invalidations()}, which
     * must then not block. Default: {@code System.nanoTime()}, {@code Schedulers.parallel()}, and for subscribers
     * {@code Schedulers.boundedElastic()}.
     */
    public ReactiveCacheBuilder<K, V> timer(Scheduler scheduler) {
        this.timer = TimeSource.of(requireNonNull(scheduler, "timer"));
        return this;
    }

    /**
     * Builds the cache, and opens its region of the remote tier.
     *
     * @throws IllegalStateException if the local ttl is longer than the ttl, a codec is missing that the remote tier
     *     needs or a local tier that measures encoded values, the mode needs a remote tier and there is none, a cache
     *     of this name is open on the remote tier, or there is a soft timeout that is not shorter than the timeout of
     *     loads, or without {@link #staleIfError}
     */
    public ReactiveCache<K, V> build() {
        return CacheAssembly.assemble(this);
    }
}
