package dev.reactivecache.internal.local;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.entry.TagWatch;
import dev.reactivecache.internal.flight.Flight;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.local.LocalTier;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's memory: the entries that are kept, and a table of the flights that are fetching some. An entry gets in
 * only as the result of a flight that stood for its key before anything was sent for it, and still does: so whatever
 * drops the key in between, on whatever connection the news came, also keeps the result out.
 *
 * <p>What is done to a flight and to an entry of one key together is done in one step of that key in the table of
 * flights, or on flights first. No code of users runs in there, but for the equality of keys.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class LocalStore<K, V> {
    private static final Logger LOG = LoggerFactory.getLogger(LocalStore.class);

    private final AsyncCache<K, Entry<V>> cache;
    private final ConcurrentMap<K, CompletableFuture<Entry<V>>> map;
    private final Policy<K, Entry<V>> policy;
    private final ConcurrentMap<K, Flight<Entry<V>>> flights = new ConcurrentHashMap<>();
    private final LocalTier<? super K, ? super V> tier;
    private final @Nullable ToIntFunction<? super V> encodedSize;
    private final TimeSource timer;
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

    private final TagWatches watches = new TagWatches();

    /** Where the fence stood after the last invalidation that was of no tag. */
    private volatile long lastClear;

    private volatile boolean closed;

    /**
     * Creates an empty store.
     *
     * @param encodedSize measures values that were not encoded; null if the tier measures none
     * @param usualLife how long entries live at most, but for those that are given a longer life of their own
     * @param onEvictions told how many entries were evicted, by who stores the next one; holds no lock
     */
    public LocalStore(
            LocalTier<? super K, ? super V> tier,
            @Nullable ToIntFunction<? super V> encodedSize,
            Duration usualLife,
            TimeSource timer,
            IntConsumer onEvictions) {
        this.tier = tier;
        this.encodedSize = encodedSize;
        this.onEvictions = onEvictions;
        this.timer = timer;
        this.reclaimClock = timer.now();
        this.reclaimAfterNanos = usualLife.toNanos();
        this.cache = caffeine(tier, usualLife).buildAsync();
        this.map = cache.asMap();
        this.policy = cache.synchronous().policy();
    }

    private Caffeine<K, Entry<V>> caffeine(LocalTier<?, ?> bounds, Duration usualLife) {
        Caffeine<K, Entry<V>> caffeine = Caffeine.newBuilder()
                .ticker(() -> reclaimClock)
                .executor(Runnable::run) // upkeep is short and calls nobody; no thread is borrowed for it
                .expireAfterWrite(usualLife)
                .evictionListener((@Nullable K key, @Nullable Entry<V> entry, RemovalCause cause) -> count(cause));
        return bounds.isWeighed()
                ? caffeine.maximumWeight(bounds.maximum()).weigher((K key, Entry<V> entry) -> entry.weight())
                : caffeine.maximumSize(bounds.maximum());
    }

    /** The entry with what it weighs, or null if it cannot be weighed. The one place where code of users runs. */
    private @Nullable Entry<V> weighed(K key, Entry<V> entry) {
        V value = entry.value();
        if (!tier.isWeighed() || (entry.weight() != Entry.UNWEIGHED && tier.weigher() == null)) {
            return entry;
        }
        try {
            return entry.weighing(value == null ? 1 : weigh(key, value));
        } catch (Throwable thrown) {
            LOG.warn("an entry is not kept, because it cannot be weighed", thrown);
            return null;
        }
    }

    private int weigh(K key, V value) {
        ToIntBiFunction<? super K, ? super V> weigher = tier.weigher();
        int weight = weigher != null
                ? weigher.applyAsInt(key, value)
                : requireNonNull(encodedSize, "encodedSize").applyAsInt(value);
        if (weight < 0) {
            throw new IllegalStateException("the weight (" + weight + ") of a value must not be below zero");
        }
        return weight;
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

    /** The flight that is fetching the key, or null. */
    public @Nullable Flight<Entry<V>> flight(K key) {
        return flights.get(key);
    }

    /** The entry that is kept of the key, whether or not it may be answered, or null. */
    public @Nullable Entry<V> kept(K key, long nowNanos) {
        reclaimClock = nowNanos;
        return kept(key);
    }

    private @Nullable Entry<V> kept(K key) {
        return policy.getIfPresentQuietly(key); // whoever asks has looked for an answer before, which counts as his use
    }

    /**
     * Has a flight stand for the key, and for what is kept of it, which is to be compared with others and must not
     * answer until then. False if another flight stands there, or if what is kept is not this any more.
     */
    public boolean open(K key, @Nullable Entry<V> kept, Flight<Entry<V>> flight) {
        return open(key, kept, flight, kept != null && !kept.isOver(reclaimClock));
    }

    /** The same for an entry that may answer until the flight has brought another. */
    public boolean openBeside(K key, @Nullable Entry<V> kept, Flight<Entry<V>> flight) {
        return open(key, kept, flight, false);
    }

    private boolean open(K key, @Nullable Entry<V> kept, Flight<Entry<V>> flight, boolean inItsStead) {
        Flight<Entry<V>> opened = flights.compute(key, (same, other) -> {
            if (other != null || kept(key) != kept) {
                return other;
            }
            if (inItsStead) {
                map.remove(key);
            }
            return flight;
        });
        if (opened == flight) {
            dropIfClosed(key);
        }
        return opened == flight;
    }

    /** Keeps a flight's result in its stead, unless the flight does not stand for the key any more. */
    public void keep(K key, Flight<Entry<V>> flight, Entry<V> entry) {
        if (!keep(key, flight, entry, null)) {
            detach(key, flight);
        }
    }

    /** Keeps what a flight has found on its way, which goes on, on the same terms. */
    public void keepBeside(K key, Flight<Entry<V>> flight, Entry<V> entry) {
        keep(key, flight, entry, flight);
    }

    /** False if this entry cannot be kept. */
    private boolean keep(K key, Flight<Entry<V>> flight, Entry<V> entry, @Nullable Flight<Entry<V>> left) {
        if (isOver(entry, flight.fence())) {
            return false; // one of its tags was invalidated before there was a watch
        }
        keepFor(entry.usefulUntilNanos() - tick());
        Entry<V> weighed = weighed(key, entry);
        if (weighed == null) {
            return false;
        }
        flights.compute(key, (same, mapped) -> {
            if (!isStill(flight, mapped)) {
                return mapped;
            }
            map.put(key, weighed);
            return left;
        });
        dropIfClosed(key);
        tellEvictions();
        return true;
    }

    /** Drops what is kept of the key in favour of nothing, unless the flight does not stand for the key any more. */
    public void keepNothing(K key, Flight<Entry<V>> flight) {
        dropKept(key, flight, null);
    }

    /** Drops what is kept of the key on the same terms, for a flight that goes on. */
    public void dropBeside(K key, Flight<Entry<V>> flight) {
        dropKept(key, flight, flight);
    }

    private void dropKept(K key, Flight<Entry<V>> flight, @Nullable Flight<Entry<V>> left) {
        flights.computeIfPresent(key, (same, mapped) -> {
            if (!isStill(flight, mapped)) {
                return mapped;
            }
            map.remove(key);
            return left;
        });
    }

    /** Puts an entry in the place of another one of the same content, if that is still kept. */
    public void replace(K key, Entry<V> kept, Entry<V> with) {
        map.replace(key, kept, with);
    }

    private static boolean isStill(Flight<?> flight, @Nullable Flight<?> mapped) {
        return mapped == flight;
    }

    /** Nobody joins the flight any more, and its result is not kept. */
    public void detach(K key, Flight<Entry<V>> flight) {
        flights.remove(key, flight);
    }

    /** Drops the key's entry, and keeps the results of its flights out. */
    public void drop(K key) {
        flights.remove(key); // first: whatever was kept before this is dropped next, and nothing is kept after it
        map.remove(key);
    }

    /** Drops as {@link #drop} does, but for the flight with this token and the entry with this stamp. */
    public void dropOthers(K key, long token, long stamp) {
        flights.computeIfPresent(key, (same, flight) -> flight.token() == token ? flight : null);
        CompletableFuture<Entry<V>> mapped = map.get(key);
        while (mapped != null && !isOwn(mapped, stamp) && !map.remove(key, mapped)) {
            mapped = map.get(key);
        }
    }

    private static <V> boolean isOwn(CompletableFuture<Entry<V>> mapped, long stamp) {
        return mapped instanceof Entry<V> entry && stamp != Entry.UNSTAMPED && entry.stamp() == stamp;
    }

    /** What tells flights from before an invalidation of many keys from those after it. */
    public long fence() {
        return fence.get();
    }

    /** Whether a tag of an entry has been invalidated, or may have been, since the fence stood there. */
    public boolean isOver(Entry<V> entry, long since) {
        return entry.isTagged() && since != fence() && watches.haveEndedSince(since, entry.watches());
    }

    /** Whether the cache was cleared, or keys with some prefix were dropped, since the fence stood there. */
    public boolean isClearedSince(long since) {
        return lastClear > since;
    }

    /** One watch for each tag. Whoever compares tags with anything registers them before. */
    public List<TagWatch> watch(List<String> tags) {
        return watches.of(tags);
    }

    /**
     * Ends the entries of a tag, and keeps results with this tag out that flights from before will bring.
     */
    public void dropTag(String tag) {
        watches.end(tag, fence.incrementAndGet());
    }

    /** Drops everything, and keeps the results of all flights out. */
    public void clear() {
        lastClear = fence.incrementAndGet();
        flights.clear();
        map.clear();
    }

    /** Drops the keys that a test holds for, and their flights. */
    public long dropIf(Predicate<? super K> concerned) {
        lastClear = fence.incrementAndGet();
        Set<K> dropped = new HashSet<>();
        for (ConcurrentMap<K, ?> from : List.of(flights, map)) {
            for (K key : from.keySet()) {
                if (concerned.test(key) && from.remove(key) != null) {
                    dropped.add(key);
                }
            }
        }
        return dropped.size();
    }

    /** Keeps an entry, and nothing of the flights from before; drops the key if the entry cannot be kept. */
    public void put(K key, Entry<V> entry) {
        keepFor(entry.usefulUntilNanos() - tick());
        Entry<V> weighed = weighed(key, entry);
        flights.compute(key, (same, flight) -> {
            if (weighed == null) {
                map.remove(key); // what is there is older
            } else {
                map.put(key, weighed);
            }
            return null;
        });
        dropIfClosed(key);
        tellEvictions();
    }

    private void keepFor(long lifeNanos) {
        if (lifeNanos > reclaimAfterNanos) {
            reclaimAfterNanos = lifeNanos;
            policy.expireAfterWrite().ifPresent(expiry -> expiry.setExpiresAfter(Duration.ofNanos(lifeNanos)));
        }
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
            drop(key);
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
        flights.clear();
        map.clear();
    }

    /** How many entries are kept, roughly. */
    public long size() {
        return cache.synchronous().estimatedSize();
    }

    /** What the kept entries weigh together, roughly; their number if they are not weighed. */
    public long weight() {
        return policy.eviction()
                .map(bound -> bound.weightedSize().orElseGet(this::size))
                .orElseGet(this::size);
    }

    /** How many entries were evicted for want of room. */
    public long evictions() {
        return evictions.sum();
    }
}
