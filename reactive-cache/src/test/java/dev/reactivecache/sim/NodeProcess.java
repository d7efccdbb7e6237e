package dev.reactivecache.sim;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.entry.Epoch;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.redis.RedisTier;
import dev.reactivecache.redis.SimulatedTier;
import dev.reactivecache.remote.RegionListener;
import dev.reactivecache.remote.RemoteRegion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One life of a node: a tier and its caches, from start to crash, and what the oracle must know of it. */
final class NodeProcess {
    private final World world;
    private final String name;
    private final Process process;
    private final ModelClient client;
    private final RedisTier tier;
    private final List<ReactiveCache<String, String>> caches = new ArrayList<>();
    private final Map<Slot, Integer> reading = new HashMap<>();
    private final Map<Slot, Long> busySince = new HashMap<>();
    private final Map<Slot, Long> dropped = new HashMap<>();
    private final Map<String, Long> heardKeys = new HashMap<>();
    private long pausedNanos;
    private long gapAt;
    private long signature;
    private @Nullable RemoteRegion region;

    NodeProcess(World world, String name, Terms terms, Uplink uplink, Server server, SplittableRandom random) {
        this.world = world;
        this.name = name;
        this.process = new Process(world, () -> Current.enter(this));
        this.client = new ModelClient(world, process, uplink, server, random, terms.resends(), this::hears);
        Current.enter(this);
        this.tier = SimulatedTier.connect(
                client,
                process,
                terms.readTimeout(),
                terms.writeTimeout(),
                terms.stalenessBound(),
                terms.notifications());
        for (int cache = 0; cache < Terms.CACHES; cache++) {
            caches.add(build(cache, terms));
        }
    }

    private ReactiveCache<String, String> build(int cache, Terms terms) {
        return ReactiveCache.<String, String>builder(Terms.cache(cache))
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
                .build();
    }

    ReactiveCache<String, String> cache(int number) {
        return caches.get(number);
    }

    RedisTier tier() {
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
        lookForGap();
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

    /** When a flight that was there before could last have been kept from being joined. */
    long lastDrop(Slot slot) {
        lookForGap();
        long heard = heardKeys.getOrDefault(slot.redisKey(), -1L);
        return Math.max(Math.max(gapAt, heard), dropped.getOrDefault(slot, -1L));
    }

    /** When its stream last was found to be lost, or live again. */
    long lastGap() {
        lookForGap();
        return gapAt;
    }

    private void lookForGap() {
        long gaps = caches.get(0).stats().gaps();
        long now = 2 * gaps + (tier.health().silence() != null ? 1 : 0);
        if (now != signature) {
            signature = now;
            gapAt = world.now();
        }
    }

    long now() {
        return world.now();
    }

    /** The epoch that its stream is in. */
    Epoch epoch() {
        if (region == null) {
            region = tier.open("epoch", new RegionListener() {
                @Override
                public void onChange(String key, Change change) {}

                @Override
                public void onGap(String reason) {}
            });
        }
        return region.epoch("any");
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
