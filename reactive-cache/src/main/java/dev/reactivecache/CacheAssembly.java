package dev.reactivecache;

import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.internal.change.Generations;
import dev.reactivecache.internal.change.InvalidationHub;
import dev.reactivecache.internal.change.ModeRules;
import dev.reactivecache.internal.change.RegionEvents;
import dev.reactivecache.internal.change.SharedTier;
import dev.reactivecache.internal.codec.CodecFailures;
import dev.reactivecache.internal.codec.TierCodecs;
import dev.reactivecache.internal.count.CacheReport;
import dev.reactivecache.internal.count.Counters;
import dev.reactivecache.internal.count.ObservedRegion;
import dev.reactivecache.internal.count.Observers;
import dev.reactivecache.internal.flight.KeyWaiters;
import dev.reactivecache.internal.load.OwnLoaders;
import dev.reactivecache.internal.load.SourceCalls;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.internal.miss.LeaseTerms;
import dev.reactivecache.internal.miss.LocalMisses;
import dev.reactivecache.internal.miss.Misses;
import dev.reactivecache.internal.miss.RemoteMisses;
import dev.reactivecache.internal.miss.TierReads;
import dev.reactivecache.internal.policy.Lifetimes;
import dev.reactivecache.internal.read.Lifecycle;
import dev.reactivecache.internal.read.LoadSharing;
import dev.reactivecache.internal.read.Reads;
import dev.reactivecache.internal.recovery.Repairs;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.internal.write.Changes;
import dev.reactivecache.internal.write.LocalWideInvalidations;
import dev.reactivecache.internal.write.LocalWrites;
import dev.reactivecache.internal.write.RemoteWideInvalidations;
import dev.reactivecache.internal.write.RemoteWrites;
import dev.reactivecache.internal.write.TierWrites;
import dev.reactivecache.internal.write.WriteTerms;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteTier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Puts a cache together from what its builder was given. */
final class CacheAssembly<K, V> {
    private final ReactiveCacheBuilder<K, V> settings;
    private final Lifetimes lifetimes;
    private final TimeSource timer;
    private final Observers observers;
    private final Counters counters;
    private final LocalStore<K, V> local;
    private final SourceCalls<K, V> sources;
    private final InvalidationHub<K> hub;

    private CacheAssembly(ReactiveCacheBuilder<K, V> settings) {
        this.settings = settings;
        this.lifetimes = settings.lifetimes();
        this.timer = settings.timer;
        this.observers = new Observers(settings.name, timer, settings.observers);
        this.counters = new Counters(observers);
        this.local = new LocalStore<>(
                settings.local, settings.encodedSize(), lifetimes.localTtl(), timer, this::onEvictions);
        this.sources = new SourceCalls<>(
                settings.name, settings.loadTimeout, settings.loadBulkhead, timer, counters, observers);
        this.hub = new InvalidationHub<>(settings.invalidationBuffer, timer.subscribers());
    }

    static <K, V> ReactiveCache<K, V> assemble(ReactiveCacheBuilder<K, V> settings) {
        CacheAssembly<K, V> assembly = new CacheAssembly<>(settings);
        RemoteTier tier = settings.remote;
        settings.requireModeFor(tier);
        return tier == null ? assembly.inMemory() : assembly.shared(tier);
    }

    private void onEvictions(int count) {
        observers.tell(observer -> observer.onEvictions(count));
    }

    private ReactiveCache<K, V> inMemory() {
        Epoch epoch = Epoch.unbounded();
        var misses = new LocalMisses<>(local, sources, lifetimes);
        var writes = new LocalWrites<K, V>(local, lifetimes, timer, epoch, (key, cause) -> {
            counters.invalidations.increment();
            if (hub.hasReaders()) {
                hub.publish(new Invalidation.KeyInvalidated<>(key, cause));
            }
        });
        var wide = new LocalWideInvalidations<>(settings.name, local, hub, counters, settings.keys);
        var life = new Lifecycle(settings.name, Mono::empty, () -> {
            local.close();
            hub.close();
        });
        return cache(
                reads(life, misses, key -> epoch),
                new Changes<>(writes, wide, timer, counters),
                new CacheReport(counters, observers, local, null, () -> null, null));
    }

    private ReactiveCache<K, V> shared(RemoteTier tier) {
        var failures = new CodecFailures(settings.name, counters);
        TierCodecs<K, V> codecs = codecs(failures);
        KeyWaiters waiters = new KeyWaiters();
        var generations = new Generations(local, timer, counters);
        var repairs = new Repairs(
                settings.name, settings.recoveryCapacity, timer, text -> drop(codecs.key(text)), generations::ended);
        var events = new RegionEvents<>(codecs, local, hub, counters, waiters, generations, repairs);
        RemoteRegion region = new ObservedRegion(tier.open(settings.name, events), observers);
        ModeRules rules = ModeRules.of(settings.mode);
        generations.askBy(region, generationEpochs(rules, region), repairs);
        repairs.sendTo(region);
        var shared = new SharedTier(region, rules, repairs, generations, waiters);
        var leases = new LeaseTerms(settings.coalescing, settings.lease, settings.loadTimeout);
        var tierReads = new TierReads<>(shared, codecs, local, sources, lifetimes, leases, timer, counters);
        var writeTerms = new WriteTerms(settings.quarantine, settings.onUnreachable);
        var tierWrites = new TierWrites<>(settings.name, shared, codecs, local, lifetimes, writeTerms, counters);
        var wide = new RemoteWideInvalidations<>(settings.name, shared, local, codecs);
        var life = new Lifecycle(settings.name, repairs::close, () -> {
            region.close();
            local.close();
            hub.close();
        });
        return cache(
                reads(life, new RemoteMisses<>(tierReads), epochs(rules, region, codecs)),
                new Changes<>(new RemoteWrites<>(tierWrites), wide, timer, counters),
                new CacheReport(counters, observers, local, tier, failures::problem, repairs));
    }

    private TierCodecs<K, V> codecs(CodecFailures failures) {
        KeyCodec<K> keys = settings.needed(settings.keys, "key(KeyCodec)");
        ValueCodec<V> values = settings.needed(settings.values, "value(ValueCodec)");
        return new TierCodecs<>(keys, values, failures);
    }

    private void drop(@Nullable K key) {
        if (key != null) {
            local.drop(key);
        }
    }

    private Function<K, Epoch> epochs(ModeRules rules, RemoteRegion region, TierCodecs<K, V> codecs) {
        Epoch checking = Epoch.checking();
        return rules.checksEachHit() ? key -> checking : key -> region.epoch(codecs.text(key));
    }

    /** Modes that ask the remote tier at each read ask for generations, too. */
    private Supplier<Epoch> generationEpochs(ModeRules rules, RemoteRegion region) {
        Epoch checking = Epoch.checking();
        return rules.asksForGenerations() ? () -> checking : region::generationEpoch;
    }

    private Reads<K, V> reads(Lifecycle life, Misses<K, V> misses, Function<K, Epoch> epochs) {
        boolean outlivesCallers = settings.onAbandon == OnAbandon.FINISH_LOAD;
        var sharing = new LoadSharing(settings.loaderContext, outlivesCallers);
        return new Reads<>(life, local, misses, epochs, sharing, timer, counters);
    }

    private ReactiveCache<K, V> cache(Reads<K, V> reads, Changes<K, V> changes, CacheReport report) {
        var own = new OwnLoaders<>(settings.name, settings.loader, settings.bulkLoader);
        return new DefaultReactiveCache<>(own, reads, changes, hub, report, reads.life);
    }
}
