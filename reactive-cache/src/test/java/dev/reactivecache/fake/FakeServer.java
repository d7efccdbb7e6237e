package dev.reactivecache.fake;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.Mark;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RegionListener.Change;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.RemoteTierException;
import dev.reactivecache.remote.Spread;
import java.nio.ByteBuffer;
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
    private final Map<String, Slot> slots = new HashMap<>();
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

    private sealed interface Slot {}

    private record Stored(
            byte @Nullable [] payload,
            long stamp,
            long storedAt,
            long expiresAt,
            @Nullable Mark mark) implements Slot {}

    private record Leased(long token, long until) implements Slot {}

    private record Writing(Set<Long> tokens, boolean overlapped, long until) implements Slot {}

    private record Alien() implements Slot {}

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
        long now = now();
        slots.put(
                key,
                new Stored(payload.getBytes(StandardCharsets.UTF_8), Tokens.next(), now, now + ttl.toNanos(), null));
    }

    /** Somebody shortens the life of a stored value, with no word of it to anybody. */
    public synchronized void shortenSilently(String key, Duration life) {
        Stored stored = (Stored) slots.get(key);
        slots.put(
                key,
                new Stored(stored.payload(), stored.stamp(), stored.storedAt(), now() + life.toNanos(), stored.mark()));
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

    /** How long what is stored may yet be served. */
    public synchronized Duration remaining(String key) {
        return slot(key) instanceof Stored stored ? Duration.ofNanos(stored.expiresAt() - now()) : Duration.ZERO;
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
        Slot slot = slot(key);
        if (slot instanceof Stored stored) {
            byte[] payload = stored.payload();
            return new RemoteState.Value(
                    payload != null && withPayload ? ByteBuffer.wrap(payload) : null,
                    payload == null,
                    stored.stamp(),
                    now() - stored.storedAt(),
                    stored.expiresAt() - now(),
                    withPayload ? stored.mark() : null);
        }
        if (slot instanceof Leased leased) {
            return new RemoteState.Loading(leased.until() - now());
        }
        if (slot instanceof Writing) {
            return new RemoteState.Writing();
        }
        return slot == null ? new RemoteState.Missing() : new RemoteState.Foreign();
    }

    synchronized RemoteState lease(String key, long token, Duration lease, long unreadable) {
        Slot slot = slot(key);
        boolean free = slot == null
                || slot instanceof Alien
                || slot instanceof Stored stored && stored.stamp() == unreadable
                || slot instanceof Leased mine && mine.token() == token;
        if (!free) {
            return read(key, true);
        }
        slots.put(key, new Leased(token, now() + lease.toNanos()));
        return new RemoteState.Leased();
    }

    synchronized boolean renew(String key, long token, Duration lease) {
        boolean stands = slot(key) instanceof Leased leased && leased.token() == token;
        if (stands) {
            slots.put(key, new Leased(token, now() + lease.toNanos()));
        }
        return stands;
    }

    synchronized long fill(FakeTier by, String key, long token, NewValue value) {
        if (!(slot(key) instanceof Leased leased && leased.token() == token)) {
            return RemoteState.NO_STAMP;
        }
        long stamp = store(key, value);
        tellOthers(by, key);
        return stamp;
    }

    synchronized void release(FakeTier by, String key, long token) {
        if (slot(key) instanceof Leased leased && leased.token() == token) {
            slots.remove(key);
            tellOthers(by, key);
        }
    }

    synchronized void invalidate(String key) {
        if (slot(key) instanceof Writing writing) {
            slots.put(key, new Writing(writing.tokens(), true, writing.until()));
        } else {
            slots.remove(key);
        }
        tell(key, Change.DELETED);
    }

    synchronized void beginWrite(String key, long token, Duration quarantine) {
        Set<Long> tokens = new HashSet<>(Set.of(token));
        boolean overlapped = slot(key) instanceof Writing;
        if (slot(key) instanceof Writing others) {
            tokens.addAll(others.tokens());
        }
        slots.put(key, new Writing(tokens, overlapped, now() + quarantine.toNanos()));
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
            slots.put(key, new Writing(writing.tokens(), true, writing.until()));
        } else {
            store(key, value);
        }
        tell(key, Change.DELETED);
    }

    private long store(String key, NewValue value) {
        long stamp = Tokens.next();
        slots.put(
                key,
                new Stored(value.payload(), stamp, now(), now() + value.ttl().toNanos(), value.mark()));
        return stamp;
    }

    private @Nullable Slot slot(String key) {
        Slot slot = slots.get(key);
        long ends = slot instanceof Stored stored
                ? stored.expiresAt()
                : slot instanceof Leased leased
                        ? leased.until()
                        : slot instanceof Writing writing ? writing.until() : Long.MAX_VALUE;
        return ends > now() ? slot : null;
    }

    private void tell(String key, Change change) {
        nodes.forEach(node -> node.hear(key, change));
    }

    /** Of a fill, or a right given back, its own node is not told. */
    private void tellOthers(FakeTier by, String key) {
        nodes.stream().filter(node -> node != by).forEach(node -> node.hear(key, Change.FILLED));
    }

    private long now() {
        return clock.now(TimeUnit.NANOSECONDS);
    }
}
