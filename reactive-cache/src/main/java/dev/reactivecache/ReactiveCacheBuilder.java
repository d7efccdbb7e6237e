package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.internal.load.BulkLoader;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.internal.policy.Checks;
import dev.reactivecache.internal.policy.Jitter;
import dev.reactivecache.internal.policy.Lifetimes;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.observe.CacheObserver;
import dev.reactivecache.remote.RemoteTier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
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
    private static final Duration DEFAULT_LOCAL_TTL = Duration.ofSeconds(30);

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

    private Duration ttl = Duration.ofMinutes(10);
    private @Nullable Duration absentTtl;
    private double jitter = 0.1;

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
     * How long a value may be served after it was loaded or written. Default: 10 minutes.
     *
     * @throws IllegalArgumentException if it is below a millisecond or above 1,000 days
     */
    public ReactiveCacheBuilder<K, V> ttl(Duration ttl) {
        this.ttl = Checks.ttl("ttl", ttl);
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
     * load, however many keys it is given. Default: 256.
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
     *     needs or a local tier that measures encoded values, the mode needs a remote tier and there is none, or a
     *     cache of this name is open on the remote tier
     */
    public ReactiveCache<K, V> build() {
        return CacheAssembly.assemble(this);
    }

    Lifetimes lifetimes() {
        Duration localTtl = local.ttl();
        if (localTtl != null) {
            Checks.notLonger("local ttl", localTtl, "ttl", ttl);
        }
        return new Lifetimes(ttl, absentTtl, localTtl == null ? defaultLocalTtl() : localTtl, new Jitter(jitter));
    }

    private Duration defaultLocalTtl() {
        Duration longest = absentTtl == null || absentTtl.compareTo(ttl) < 0 ? ttl : absentTtl;
        return remote == null || longest.compareTo(DEFAULT_LOCAL_TTL) < 0 ? longest : DEFAULT_LOCAL_TTL;
    }

    /** What measures values, if the local tier wants them measured. */
    @Nullable
    ToIntFunction<V> encodedSize() {
        if (!local.measuresEncodedSize()) {
            return null;
        }
        if (values == null) {
            throw new IllegalStateException("cache '" + name
                    + "' measures encoded values (maximumEncodedSize), which needs value(ValueCodec) to be set");
        }
        return values::encodedSize;
    }

    void requireModeFor(@Nullable RemoteTier tier) {
        if (tier == null && mode != CacheMode.BOUNDED) {
            throw new IllegalStateException("mode (" + mode + ") of cache '" + name + "' needs a remote tier");
        }
    }

    <T> T needed(@Nullable T codec, String method) {
        if (codec == null) {
            throw new IllegalStateException(
                    "cache '" + name + "' has a remote tier, which needs " + method + " to be set");
        }
        return codec;
    }
}
