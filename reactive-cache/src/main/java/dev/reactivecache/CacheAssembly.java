package dev.reactivecache;

import dev.reactivecache.ReactiveCacheBuilder.OnAbandon;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.entry.Epoch;
import dev.reactivecache.local.LocalStore;
import dev.reactivecache.policy.Lifetimes;
import dev.reactivecache.policy.Timer;
import dev.reactivecache.recovery.Recovery;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteTier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts a cache together from what its builder was told. */
final class CacheAssembly<K, V> {
    private final ReactiveCacheBuilder<K, V> settings;
    private final Lifetimes lifetimes;
    private final Timer timer;
    private final Observers observers;
    private final Counters counters;
    private final LocalStore<K, V> local;
    private final Loading<K, V> loading;
    private final InvalidationHub<K> hub;
    private final AtomicBoolean closed = new AtomicBoolean();

    private CacheAssembly(ReactiveCacheBuilder<K, V> settings) {
        this.settings = settings;
        this.lifetimes = settings.lifetimes();
        this.timer = settings.timer;
        this.observers = new Observers(settings.name, timer, settings.observers);
        this.counters = new Counters(observers);
        this.local = new LocalStore<>(settings.local, lifetimes.localTtl(), timer, this::onEvictions);
        this.loading =
                new Loading<>(settings.name, settings.loadTimeout, settings.loadBulkhead, timer, counters, observers);
        this.hub = new InvalidationHub<>(settings.invalidationBuffer, timer.scheduler());
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
        var misses = new LocalMissPath<>(local, loading, lifetimes);
        var writes = new LocalWritePath<K, V>(local, lifetimes, timer, epoch, (key, cause) -> {
            counters.invalidations.increment();
            if (hub.hasReaders()) {
                hub.publish(new Invalidation.KeyInvalidated<>(key, cause));
            }
        });
        return cache(reads(misses, key -> epoch), writes, null, null, local::close);
    }

    private ReactiveCache<K, V> shared(RemoteTier tier) {
        KeyCodec<K> keys = settings.needed(settings.keys, "key(KeyCodec)");
        ValueCodec<V> values = settings.needed(settings.values, "value(ValueCodec)");
        Wakeups wakeups = new Wakeups();
        var recovery =
                new Recovery(settings.name, settings.recoveryCapacity, timer, text -> local.drop(keys.decode(text)));
        RemoteRegion region = new ObservedRegion(
                tier.open(settings.name, new RegionEvents<>(keys, local, hub, recovery, counters, wakeups)), observers);
        recovery.sendBy(region::invalidate);
        LeaseTerms leases = new LeaseTerms(settings.coalescing, settings.lease, settings.loadTimeout);
        var codecFailures = new CodecFailures(settings.name, counters);
        var misses = new RemoteMissPath<>(
                settings.mode,
                region,
                recovery,
                local,
                loading,
                keys,
                values,
                lifetimes,
                leases,
                wakeups,
                timer,
                counters,
                codecFailures);
        var writes = new RemoteWritePath<>(
                settings.name,
                settings.mode,
                region,
                recovery,
                local,
                keys,
                values,
                lifetimes,
                settings.quarantine,
                settings.onUnreachable,
                counters,
                codecFailures);
        return cache(reads(misses, epochs(region, keys)), writes, tier, recovery, () -> {
            region.close();
            local.close();
        });
    }

    private Function<K, Epoch> epochs(RemoteRegion region, KeyCodec<K> keys) {
        Epoch checking = Epoch.checking();
        return settings.mode == CacheMode.VALIDATED ? key -> checking : key -> region.epoch(keys.encode(key));
    }

    private Reads<K, V> reads(MissPath<K, V> misses, Function<K, Epoch> epochs) {
        boolean outlivesCallers = settings.onAbandon == OnAbandon.FINISH_LOAD;
        return new Reads<>(
                settings.name,
                local,
                misses,
                epochs,
                settings.loaderContext,
                outlivesCallers,
                closed::get,
                timer,
                counters);
    }

    private ReactiveCache<K, V> cache(
            Reads<K, V> reads,
            WritePath<K, V> writes,
            @Nullable RemoteTier tier,
            @Nullable Recovery recovery,
            Runnable onClose) {
        return new DefaultReactiveCache<>(
                settings.name,
                settings.loader,
                settings.bulkLoader,
                reads,
                writes,
                local,
                hub,
                counters,
                observers,
                timer,
                tier,
                recovery,
                closed,
                onClose);
    }
}
