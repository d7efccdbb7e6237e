package dev.reactivecache.local;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.reactivecache.entry.Entry;
import dev.reactivecache.flight.Flight;
import dev.reactivecache.policy.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's memory: one map in which a key stands for a kept entry or for the flight that is fetching it. An entry
 * gets in only as the result of a flight that was mapped before anything was sent for it, so whatever removes the key in
 * between, on whatever connection the news came, also keeps the result out.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class LocalStore<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(LocalStore.class);

    private final AsyncCache<K, Entry<V>> cache;
    private final ConcurrentMap<K, CompletableFuture<Entry<V>>> map;
    private final Timer timer;
    private final LongAdder evictions = new LongAdder();

    /**
     * Caffeine's clock, which only decides when the memory of expired entries is reclaimed; whether an entry may be
     * served is decided by the entry itself, with one reading of the real clock. It moves with every miss and every
     * store, so that a hit does not have to read a clock twice.
     */
    private volatile long reclaimClock;

    /** How long Caffeine keeps what is written: the longest life that any entry has had. */
    private volatile long reclaimAfterNanos;

    private volatile boolean closed;

    /**
     * Creates an empty store.
     *
     * @param usualLife how long entries live at most, but for those that are given a longer life of their own
     */
    public LocalStore(LocalTier<? super K, ? super V> tier, Duration usualLife, Timer timer) {
        this.timer = timer;
        this.reclaimClock = timer.now();
        this.reclaimAfterNanos = usualLife.toNanos();
        this.cache = caffeine(tier, usualLife).buildAsync();
        this.map = cache.asMap();
    }

    private Caffeine<K, Entry<V>> caffeine(LocalTier<? super K, ? super V> tier, Duration usualLife) {
        Caffeine<K, Entry<V>> caffeine = Caffeine.newBuilder()
                .ticker(() -> reclaimClock)
                .executor(Runnable::run) // upkeep is short and calls nobody; no thread is borrowed for it
                .expireAfterWrite(usualLife)
                .evictionListener((@Nullable K key, @Nullable Entry<V> entry, RemovalCause cause) -> count(cause));
        ToIntBiFunction<? super K, ? super V> weigher = tier.weigher();
        if (weigher == null) {
            return caffeine.maximumSize(tier.maximum());
        }
        return caffeine.maximumWeight(tier.maximum())
                .weigher((K key, Entry<V> entry) -> weigh(weigher, key, entry.value()));
    }

    private static <K, V> int weigh(ToIntBiFunction<? super K, ? super V> weigher, K key, @Nullable V value) {
        return value == null ? 1 : weigher.applyAsInt(key, value);
    }

    private void count(RemovalCause cause) {
        if (cause == RemovalCause.SIZE) {
            evictions.increment();
        }
    }

    /** The entry that may be answered right now, or null. */
    public @Nullable Entry<V> answer(K key) {
        return cache.getIfPresent(key) instanceof Entry<V> entry && entry.answersAt(timer.now()) ? entry : null;
    }

    /** What the key stands for: a flight, a kept entry, or nothing. */
    public @Nullable CompletableFuture<Entry<V>> mapped(K key) {
        tick();
        return map.get(key);
    }

    /** Maps a flight in place of what {@link #mapped} returned; false if that has changed meanwhile. */
    public boolean open(K key, @Nullable CompletableFuture<Entry<V>> before, Flight<Entry<V>> flight) {
        boolean opened = before == null ? map.putIfAbsent(key, flight) == null : map.replace(key, before, flight);
        dropIfClosed(key);
        return opened;
    }

    /** Puts a flight's result in its place, unless the key has come to stand for something else. */
    public void keep(K key, Flight<Entry<V>> flight, Entry<V> entry) {
        try {
            tick();
            map.replace(key, flight, entry);
            dropIfClosed(key);
        } catch (RuntimeException thrown) {
            LOG.warn("an entry is not kept, because its weigher failed", thrown);
        }
    }

    /** Unmaps a flight, so that nobody joins it any more and its result is not kept. */
    public void detach(K key, CompletableFuture<Entry<V>> flight) {
        map.remove(key, flight);
    }

    /** Drops the key's entry, and keeps the results of its flights out. */
    public void drop(K key) {
        map.remove(key);
    }

    /** Keeps an entry, in place of whatever the key stood for; drops the key if the entry cannot be kept. */
    public void put(K key, Entry<V> entry) {
        long life = entry.expiresAtNanos() - tick();
        if (life > reclaimAfterNanos) {
            reclaimAfterNanos = life;
            cache.synchronous()
                    .policy()
                    .expireAfterWrite()
                    .ifPresent(policy -> policy.setExpiresAfter(Duration.ofNanos(life)));
        }
        try {
            map.put(key, entry);
        } catch (RuntimeException thrown) {
            map.remove(key); // what is there is older
            LOG.warn("an entry is not kept, because its weigher failed", thrown);
        }
        dropIfClosed(key);
    }

    /** Called after a key was mapped: {@link #close} may have come in between. */
    private void dropIfClosed(K key) {
        if (closed) {
            map.remove(key);
        }
    }

    private long tick() {
        long now = timer.now();
        reclaimClock = now;
        return now;
    }

    /** Drops everything, keeps the results of all flights out, and keeps nothing from now on. */
    public void close() {
        closed = true;
        map.clear();
    }

    /** How many keys are mapped, roughly. */
    public long size() {
        return cache.synchronous().estimatedSize();
    }

    /** How many entries were evicted for want of room. */
    public long evictions() {
        return evictions.sum();
    }
}
