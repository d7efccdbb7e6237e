package dev.reactivecache.local;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.reactivecache.entry.Entry;
import dev.reactivecache.entry.Watch;
import dev.reactivecache.flight.Flight;
import dev.reactivecache.policy.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
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
    private final AtomicInteger untold = new AtomicInteger();
    private final IntConsumer onEvictions;

    /**
     * Caffeine's clock, which only decides when the memory of expired entries is reclaimed; whether an entry may be
     * served is decided by the entry itself, with one reading of the real clock. It moves with every miss and every
     * store, so that a hit does not have to read a clock twice.
     */
    private volatile long reclaimClock;

    /** How long Caffeine keeps what is written: the longest life that any entry has had. */
    private volatile long reclaimAfterNanos;

    /** How many invalidations there have been of which it is not known what keys under way they are about. */
    private final AtomicLong fence = new AtomicLong();

    private final Watches watches = new Watches();

    private volatile boolean closed;

    /**
     * Creates an empty store.
     *
     * @param encoder encodes values that must be measured; null if the tier measures none
     * @param usualLife how long entries live at most, but for those that are given a longer life of their own
     * @param onEvictions told how many entries were evicted, by who stores the next one; holds no lock
     */
    public LocalStore(
            LocalTier<? super K, ? super V> tier,
            @Nullable Function<? super V, byte[]> encoder,
            Duration usualLife,
            Timer timer,
            IntConsumer onEvictions) {
        this.onEvictions = onEvictions;
        this.timer = timer;
        this.reclaimClock = timer.now();
        this.reclaimAfterNanos = usualLife.toNanos();
        this.cache = caffeine(tier, encoder, usualLife).buildAsync();
        this.map = cache.asMap();
    }

    private Caffeine<K, Entry<V>> caffeine(
            LocalTier<? super K, ? super V> tier, @Nullable Function<? super V, byte[]> encoder, Duration usualLife) {
        Caffeine<K, Entry<V>> caffeine = Caffeine.newBuilder()
                .ticker(() -> reclaimClock)
                .executor(Runnable::run) // upkeep is short and calls nobody; no thread is borrowed for it
                .expireAfterWrite(usualLife)
                .evictionListener((@Nullable K key, @Nullable Entry<V> entry, RemovalCause cause) -> count(cause));
        ToIntBiFunction<? super K, ? super V> weigher = tier.weigher();
        if (tier.measuresEncodedSize()) {
            Function<? super V, byte[]> measure = requireNonNull(encoder, "encoder");
            return caffeine.maximumWeight(tier.maximum()).weigher((K key, Entry<V> entry) -> measure(measure, entry));
        }
        if (weigher == null) {
            return caffeine.maximumSize(tier.maximum());
        }
        return caffeine.maximumWeight(tier.maximum())
                .weigher((K key, Entry<V> entry) -> weigh(weigher, key, entry.value()));
    }

    private static <K, V> int weigh(ToIntBiFunction<? super K, ? super V> weigher, K key, @Nullable V value) {
        return value == null ? 1 : weigher.applyAsInt(key, value);
    }

    private static <V> int measure(Function<? super V, byte[]> encoder, Entry<V> entry) {
        V value = entry.value();
        if (value == null) {
            return 1;
        }
        int known = entry.encodedBytes();
        return known == Entry.UNMEASURED ? encoder.apply(value).length : known;
    }

    private void count(RemovalCause cause) {
        if (cause == RemovalCause.SIZE) {
            evictions.increment();
            untold.incrementAndGet();
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
            if (entry.isTagged() && flight.fence() != fence()) {
                map.remove(key, flight); // one of its tags may have been invalidated before there was a watch
                return;
            }
            map.replace(key, flight, entry);
            dropIfClosed(key);
            tellEvictions();
        } catch (RuntimeException thrown) {
            LOG.warn("an entry is not kept, because it cannot be weighed", thrown);
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

    /** Drops as {@link #drop} does, but for the flight with this token and the entry with this stamp. */
    public void dropOthers(K key, long token, long stamp) {
        CompletableFuture<Entry<V>> mapped = map.get(key);
        while (mapped != null && !isOwn(mapped, token, stamp) && !map.remove(key, mapped)) {
            mapped = map.get(key);
        }
    }

    private static <V> boolean isOwn(CompletableFuture<Entry<V>> mapped, long token, long stamp) {
        return mapped instanceof Flight<Entry<V>> flight
                ? flight.token() == token
                : mapped instanceof Entry<V> entry && stamp != Entry.UNSTAMPED && entry.stamp() == stamp;
    }

    /** What tells flights from before an invalidation of many keys from those after it. */
    public long fence() {
        return fence.get();
    }

    /** One watch for each tag. Whoever compares tags with anything registers them before. */
    public List<Watch> watch(List<String> tags) {
        return watches.of(tags);
    }

    /** Ends the entries of a tag, and sees to it that nobody joins a flight from before, nor keeps its tagged result. */
    public void dropTag(String tag) {
        fence.incrementAndGet();
        watches.end(tag);
    }

    /** Drops everything, and keeps the results of all flights out. */
    public void clear() {
        fence.incrementAndGet();
        map.clear();
    }

    /** Drops the keys that a test holds for, and sees to it that nobody joins a flight from before. */
    public long dropIf(Predicate<? super K> concerned) {
        fence.incrementAndGet();
        long dropped = 0;
        for (K key : map.keySet()) {
            if (concerned.test(key) && map.remove(key) != null) {
                dropped++;
            }
        }
        return dropped;
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
            LOG.warn("an entry is not kept, because it cannot be weighed", thrown);
        }
        dropIfClosed(key);
        tellEvictions();
    }

    private void tellEvictions() {
        if (untold.get() > 0) {
            int count = untold.getAndSet(0);
            if (count > 0) {
                onEvictions.accept(count);
            }
        }
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

    /** What the kept entries weigh together, roughly; their number if they are not weighed. */
    public long weight() {
        return cache.synchronous()
                .policy()
                .eviction()
                .map(bound -> bound.weightedSize().orElseGet(this::size))
                .orElseGet(this::size);
    }

    /** How many entries were evicted for want of room. */
    public long evictions() {
        return evictions.sum();
    }
}
