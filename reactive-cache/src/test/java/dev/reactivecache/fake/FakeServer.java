package dev.reactivecache.fake;

import dev.reactivecache.fake.FakeSlot.Alien;
import dev.reactivecache.fake.FakeSlot.Hold;
import dev.reactivecache.fake.FakeSlot.Leased;
import dev.reactivecache.fake.FakeSlot.Stored;
import dev.reactivecache.fake.FakeSlot.Writing;
import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RegionListener.Change;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.RemoteTierException;
import dev.reactivecache.remote.Spread;
import dev.reactivecache.remote.Windows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * A model of the store that several nodes share: what each key is, and who hears of changes. Its clock is the test's.
 * Each {@link FakeTier} is one node's connection to it.
 */
public final class FakeServer {
    private final Scheduler clock;
    private final Map<String, FakeSlot> slots = new HashMap<>();
    private final List<FakeTier> nodes = new CopyOnWriteArrayList<>();

    /** Creates an empty one. */
    public FakeServer(Scheduler clock) {
        this.clock = clock;
    }

    private long incarnation = 1;
    private long newest;
    private long cleared;
    private int mostFound = Integer.MAX_VALUE;
    private final Map<String, Long> ended = new HashMap<>();

    /** A new node's connection. */
    public FakeTier connect() {
        FakeTier node = new FakeTier(this);
        nodes.add(node);
        return node;
    }

    /** Somebody deletes a key by hand. */
    public synchronized void delete(String key) {
        slots.remove(key);
        tell(key, Change.DELETED);
    }

    /**
     * Somebody stores a value under a key, with no word of it to anybody: what a node hears is the test's to decide.
     */
    public synchronized void storeSilently(String key, String payload, Duration ttl) {
        NewValue value = new NewValue(payload.getBytes(StandardCharsets.UTF_8), ttl, Duration.ZERO);
        store(key, value);
    }

    /** Somebody shortens the life of a stored value, with no word of it to anybody. */
    public synchronized void shortenSilently(String key, Duration life) {
        Stored stored = (Stored) slots.get(key);
        slots.put(key, stored.freshUntil(now() + life.toNanos()));
    }

    /** Bytes of a format that is not ours. */
    public synchronized void storeAlien(String key) {
        slots.put(key, new Alien());
    }

    /** What is stored, or null. */
    public synchronized @Nullable String stored(String key) {
        return slot(key) instanceof Stored stored && stored.payload() != null
                ? new String(stored.payload(), StandardCharsets.UTF_8)
                : null;
    }

    /** How long what is stored is yet fresh. */
    public synchronized Duration remaining(String key) {
        return slot(key) instanceof Stored stored ? Duration.ofNanos(stored.freshUntil() - now()) : Duration.ZERO;
    }

    /** What a node that asks now is told. */
    public synchronized RemoteState state(String key) {
        return read(key, true);
    }

    /** Whether nothing at all stands under a key: no value, no lease, no quarantine. */
    public synchronized boolean isFree(String key) {
        return slot(key) == null;
    }

    synchronized Flux<Spread> askNodes() {
        List<FakeTier> asked = nodes.stream().filter(FakeTier::isOpen).toList();
        Sinks.Many<FakeTier> answers = Sinks.many().replay().all();
        asked.forEach(node -> node.whenCaughtUp(() -> answers.tryEmitNext(node).orThrow()));
        return answers.asFlux()
                .scan(0, (count, node) -> count + 1)
                .map(count -> new Spread(count, asked.size()))
                .takeUntil(Spread::isComplete);
    }

    synchronized Generation generation(Collection<String> tags) {
        Map<String, Long> asked = new HashMap<>();
        tags.forEach(tag -> asked.put(tag, ended.getOrDefault(tag, 0L)));
        return new Generation(incarnation, newest, cleared, asked);
    }

    synchronized void endGeneration(@Nullable String tag) {
        newest++;
        if (tag == null) {
            cleared = newest;
        } else {
            ended.put(tag, newest);
        }
        nodes.forEach(node -> node.hearEnd(tag, true));
    }

    /** The numbers of generations are gone, and nobody is told. */
    public synchronized void forgetGenerations() {
        incarnation++;
        newest = 0;
        cleared = 0;
        ended.clear();
    }

    /** From now on, searches find so many keys, and then fail. */
    public synchronized void failSearchAfter(int count) {
        mostFound = count;
    }

    synchronized Flux<String> found(List<String> keys) {
        Flux<String> all = Flux.fromIterable(keys);
        return keys.size() <= mostFound
                ? all
                : all.take(mostFound).concatWith(Flux.error(new RemoteTierException("the search failed", null)));
    }

    synchronized List<String> keys(String prefix) {
        return slots.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }

    synchronized RemoteState read(String key, boolean withPayload) {
        FakeSlot slot = slot(key);
        return slot == null ? new RemoteState.Missing() : slot.state(now(), withPayload);
    }

    synchronized RemoteState lease(String key, long token, Duration lease, long unreadable) {
        FakeSlot slot = slot(key);
        Stored stored = slot instanceof Stored there ? there : null;
        if (slot instanceof Writing || stored != null && stored.isServable(now()) && stored.stamp() != unreadable) {
            return slot.state(now(), true);
        }
        Hold hold = holdOf(slot);
        return hold.isByOther(token, now())
                ? new RemoteState.Loading(hold.until() - now())
                : granted(key, token, lease, stored, unreadable);
    }

    private RemoteState granted(String key, long token, Duration lease, @Nullable Stored over, long stamp) {
        long until = now() + lease.toNanos();
        slots.put(
                key,
                over == null
                        ? new Leased(new Hold(token, until, 0))
                        : over.held(new Hold(token, until, over.hold().failures())));
        return new RemoteState.Leased(over != null && over.stamp() == stamp);
    }

    synchronized RemoteState refresh(String key, long token, Duration lease, long stamp, Duration within) {
        long now = now();
        if (!(slot(key) instanceof Stored stored)) {
            return slot(key) instanceof Writing ? new RemoteState.Writing() : new RemoteState.Missing();
        }
        Hold hold = stored.hold();
        boolean servable = stored.isServable(now);
        if (servable && stored.stamp() != stamp) {
            return stored.state(now, true);
        }
        if (servable && stored.freshUntil() - now > within.toNanos()) {
            return stored.state(now, false);
        }
        if (hold.isByOther(token, now)) {
            return new RemoteState.Loading(hold.until() - now);
        }
        if (!servable) {
            return new RemoteState.Missing();
        }
        return hold.restNanos(now) > 0
                ? new RemoteState.Resting(hold.restNanos(now))
                : granted(key, token, lease, stored, stamp);
    }

    synchronized boolean renew(String key, long token, Duration lease) {
        FakeSlot slot = slot(key);
        Hold hold = holdOf(slot);
        if (!hold.isBy(token)) {
            return false;
        }
        Hold longer = new Hold(token, now() + lease.toNanos(), hold.failures());
        slots.put(key, slot instanceof Stored stored ? stored.held(longer) : new Leased(longer));
        return true;
    }

    synchronized long fill(FakeTier by, String key, long token, NewValue value) {
        FakeSlot slot = slot(key);
        if (!holdOf(slot).isBy(token)) {
            return RemoteState.NO_STAMP;
        }
        long stamp = store(key, value);
        tellOthers(by, key, slot instanceof Stored ? Change.REPLACED : Change.FILLED);
        return stamp;
    }

    synchronized boolean extend(
            FakeTier by, String key, long token, long stamp, Duration ttl, Windows windows, Duration loadTime) {
        boolean stands = slot(key) instanceof Stored stored
                && stored.hold().isBy(token)
                && stored.stamp() == stamp
                && stored.payload() != null;
        if (stands) {
            slots.put(key, ((Stored) slots.get(key)).extended(now(), ttl, windows, loadTime));
            tellOthersOfEnd(by, key);
        }
        return stands;
    }

    synchronized void release(FakeTier by, String key, long token) {
        rest(by, key, token, Duration.ZERO, Duration.ZERO);
    }

    synchronized Duration rest(FakeTier by, String key, long token, Duration first, Duration longest) {
        FakeSlot slot = slot(key);
        Hold hold = holdOf(slot);
        if (!hold.isBy(token)) {
            return Duration.ZERO;
        }
        if (!(slot instanceof Stored stored)) {
            slots.remove(key);
            tellOthers(by, key, Change.FILLED);
            return Duration.ZERO;
        }
        long nanos = (long) Math.min(longest.toNanos(), first.toNanos() * Math.pow(2, hold.failures()));
        int failures = first.isZero() ? hold.failures() : hold.failures() + 1;
        slots.put(key, stored.held(new Hold(0, nanos == 0 ? 0 : now() + nanos, failures)));
        tellOthersOfEnd(by, key);
        return Duration.ofNanos(nanos);
    }

    synchronized void remove(FakeTier by, String key, long token) {
        if (slot(key) instanceof Stored stored && stored.hold().isBy(token)) {
            slots.remove(key);
            tell(key, Change.DELETED);
        } else {
            release(by, key, token);
        }
    }

    private static Hold holdOf(@Nullable FakeSlot slot) {
        return slot instanceof Stored stored
                ? stored.hold()
                : slot instanceof Leased leased ? leased.hold() : Hold.NOBODY;
    }

    synchronized void invalidate(String key) {
        if (slot(key) instanceof Writing writing) {
            slots.put(key, writing.touched());
        } else {
            slots.remove(key);
        }
        tell(key, Change.DELETED);
    }

    synchronized void beginWrite(String key, long token, Duration quarantine) {
        slots.put(key, Writing.begun(slot(key), token, now() + quarantine.toNanos()));
        tell(key, Change.DELETED);
    }

    synchronized void endWrite(String key, long token, @Nullable NewValue value) {
        if (slot(key) instanceof Writing writing) {
            Set<Long> others = new HashSet<>(writing.tokens());
            boolean mine = others.remove(token);
            if (!others.isEmpty()) {
                slots.put(key, new Writing(others, true, writing.until()));
            } else if (mine && !writing.overlapped() && value != null) {
                store(key, value);
            } else {
                slots.remove(key);
            }
        } else {
            slots.remove(key);
        }
        tell(key, Change.DELETED);
    }

    synchronized void put(String key, NewValue value) {
        if (slot(key) instanceof Writing writing) {
            slots.put(key, writing.touched());
        } else {
            store(key, value);
        }
        tell(key, Change.DELETED);
    }

    private long store(String key, NewValue value) {
        long stamp = Tokens.next();
        slots.put(key, Stored.of(value, stamp, now()));
        return stamp;
    }

    private @Nullable FakeSlot slot(String key) {
        FakeSlot slot = slots.get(key);
        return slot != null && slot.ends() > now() ? slot : null;
    }

    private void tell(String key, Change change) {
        nodes.forEach(node -> node.hear(key, change));
    }

    /** Of a fill, or a right given back, its own node is not told. */
    private void tellOthers(FakeTier by, String key, Change change) {
        nodes.stream().filter(node -> node != by).forEach(node -> node.hear(key, change));
    }

    /** A load ended that has left the value as it was. */
    private void tellOthersOfEnd(FakeTier by, String key) {
        nodes.stream().filter(node -> node != by).forEach(node -> node.hearLoadEnd(key));
    }

    private long now() {
        return clock.now(TimeUnit.NANOSECONDS);
    }
}
