package dev.reactivecache.sim;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.redis.SimulatedTier;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.RemoteTier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** One life of a node: a tier and its caches, from start to crash, and what the oracle must know of it. */
final class SimProcess {
    private final World world;
    private final String name;
    private final Process process;
    private final ModelClient client;
    private final CapturingTier tier;
    private final List<ReactiveCache<String, String>> caches = new ArrayList<>();
    private final Map<Slot, Integer> reading = new HashMap<>();
    private final Map<Slot, Long> busySince = new HashMap<>();
    private final Map<Slot, Long> dropped = new HashMap<>();
    private final Map<String, Long> heardKeys = new HashMap<>();
    private long pausedNanos;
    private final Map<Integer, Epoch> epochs = new HashMap<>();
    private final Map<Integer, Long> gapAt = new HashMap<>();
    private long repairedAt;
    private long silentAt = -1;
    private long knownRepairs;

    SimProcess(World world, String name, Terms terms, Uplink uplink, Server server, SplittableRandom random) {
        this.world = world;
        this.name = name;
        this.process = new Process(world, () -> Current.enter(this));
        this.client = new ModelClient(world, process, uplink, server, random, terms.resends(), this::hears);
        Current.enter(this);
        this.tier = new CapturingTier(SimulatedTier.connect(
                client,
                process,
                terms.readTimeout(),
                terms.writeTimeout(),
                terms.stalenessBound(),
                terms.notifications()));
        for (int cache = 0; cache < Terms.CACHES; cache++) {
            caches.add(build(cache, terms));
        }
    }

    private ReactiveCache<String, String> build(int cache, Terms terms) {
        ReactiveCacheBuilder<String, String> builder = ReactiveCache.<String, String>builder(Terms.cache(cache))
                .key(KeyCodec.ofString())
                .value(ValueCodec.ofString())
                .remote(tier)
                .timer(process)
                .jitter(0)
                .ttl(terms.ttl())
                .absentTtl(terms.absentTtl())
                .local(LocalTier.<String, String>maximumSize(1_000).withTtl(terms.localTtl()))
                .loadTimeout(terms.loadTimeout())
                .quarantine(terms.quarantine())
                .lease(terms.lease())
                .coalescing(Terms.coalescing(cache))
                .onUnreachable(terms.onUnreachable())
                .recoveryCapacity(terms.recoveryCapacity());
        Aging aging = terms.aging();
        if (aging.isOn()) {
            builder.staleWhileRevalidate(aging.windows().revalidate())
                    .staleIfError(aging.windows().error())
                    .refreshBackoff(aging.firstRest(), aging.longestRest())
                    .refreshContext(reader -> Loads.WITHOUT_READERS);
        }
        if (aging.softTimeout() != null) {
            builder.softTimeout(aging.softTimeout());
        }
        if (aging.early() > 0) {
            builder.earlyRefresh(aging.early());
        }
        return builder.build();
    }

    ReactiveCache<String, String> cache(int number) {
        return caches.get(number);
    }

    RemoteTier tier() {
        return tier;
    }

    Process process() {
        return process;
    }

    ModelClient client() {
        return client;
    }

    void pause(long nanos) {
        pausedNanos += nanos;
        process.pause(nanos);
    }

    /** For how long it has been paused, in all. */
    long pausedNanos() {
        return pausedNanos;
    }

    void crash() {
        process.crash();
        client.commandLines().forEach(Connection::cut);
        client.eventLines().forEach(Connection::cut);
    }

    boolean isCrashed() {
        return process.isCrashed();
    }

    /** A read begins: until the last of those that overlap has ended, each may be answered by one flight. */
    void beginsReading(Slot slot) {
        lastDrop(slot); // to know of it before the next
        if (!tier.epoch(Terms.cache(slot.cache())).answersAt(world.now())) {
            silentAt = world.now();
        }
        if (reading.merge(slot, 1, Integer::sum) == 1) {
            busySince.put(slot, world.now());
        }
    }

    void endsReading(Slot slot) {
        reading.merge(slot, -1, Integer::sum);
    }

    /** No flight that answers a read of this key now was opened earlier. */
    long busySince(Slot slot) {
        return busySince.getOrDefault(slot, world.now());
    }

    private void hears(String redisKey) {
        heardKeys.put(redisKey, world.now());
        if (redisKey.startsWith("rc:") && !redisKey.startsWith("rc::")) {
            world.note("%-7s hears of %s", name, redisKey);
        }
    }

    /** A change of this node's own has dropped what it had of a key. */
    void drops(Slot slot) {
        dropped.put(slot, world.now());
    }

    /** When a flight could last have been kept from being joined: by an event, a gap, a change or its repetition. */
    long lastDrop(Slot slot) {
        long heard = heardKeys.getOrDefault(slot.redisKey(), -1L);
        for (String ended : slot.endedKeys(Tagging.TAGS)) {
            heard = Math.max(heard, heardKeys.getOrDefault(ended, -1L));
        }
        long changed = dropped.getOrDefault(slot, -1L);
        return Math.max(Math.max(lastGap(slot), lastRepair()), Math.max(heard, changed));
    }

    /** When a cache's epoch was last found to be another. */
    long lastGap(Slot slot) {
        Epoch now = tier.epoch(Terms.cache(slot.cache()));
        if (epochs.put(slot.cache(), now) != now) {
            gapAt.put(slot.cache(), world.now());
        }
        return gapAt.get(slot.cache());
    }

    /** When a read last began while the stream had been silent for longer than the bound. */
    long lastSilence() {
        return silentAt;
    }

    private long lastRepair() {
        long repairs = pending();
        for (ReactiveCache<String, String> cache : caches) {
            repairs += 1_000 * cache.stats().recovered();
        }
        if (repairs != knownRepairs) {
            knownRepairs = repairs;
            repairedAt = world.now();
        }
        return repairedAt;
    }

    long now() {
        return world.now();
    }

    /** The epoch that its stream is in. */
    Epoch epoch() {
        return tier.epoch(Terms.cache(0));
    }

    /** How many invalidations Redis has yet to acknowledge. */
    int pending() {
        return caches.stream()
                .mapToInt(cache -> cache.health().recovery().total())
                .sum();
    }

    /** Runs something in this process, as soon as it runs at all. */
    void enter(Runnable work) {
        process.enter(work);
    }

    @Override
    public String toString() {
        return name;
    }
}
