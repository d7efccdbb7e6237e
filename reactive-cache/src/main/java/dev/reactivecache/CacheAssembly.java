package dev.reactivecache;

import static java.util.Objects.requireNonNull;

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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
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
        this.local =
                new LocalStore<>(settings.local, settings.encoder(), lifetimes.localTtl(), timer, this::onEvictions);
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
        var wide = new LocalWide<>(settings.name, local, hub, counters, settings.keys);
        return cache(reads(misses, key -> epoch), writes, wide, null, null, local::close);
    }

    private ReactiveCache<K, V> shared(RemoteTier tier) {
        KeyCodec<K> keys = settings.needed(settings.keys, "key(KeyCodec)");
        ValueCodec<V> values = settings.needed(settings.values, "value(ValueCodec)");
        Wakeups wakeups = new Wakeups();
        var held = new AtomicReference<@Nullable Generations>(); // each of these three knows the others
        Consumer<@Nullable String> ended = tag -> requireNonNull(held.get()).ended(tag);
        var ends = new Recovery(
                settings.name, settings.recoveryCapacity, timer, what -> ended.accept(Generations.tagOf(what)));
        var recovery =
                new Recovery(settings.name, settings.recoveryCapacity, timer, text -> local.drop(keys.decode(text)));
        Runnable clearLater = () -> {
            ends.keepAnyway(Generations.WHOLE);
            ended.accept(null);
        };
        ends.overflowInto(clearLater);
        recovery.overflowInto(clearLater);
        var events = new RegionEvents<>(
                keys,
                local,
                hub,
                recovery,
                counters,
                wakeups,
                ended,
                () -> requireNonNull(held.get()).forget(),
                ends);
        RemoteRegion region = new ObservedRegion(tier.open(settings.name, events), observers);
        var generations = new Generations(region, generationEpochs(region), ends, local, timer, counters);
        held.set(generations);
        recovery.sendBy(region::invalidate);
        ends.sendBy(what -> region.endGeneration(Generations.tagOf(what)));
        LeaseTerms leases = new LeaseTerms(settings.coalescing, settings.lease, settings.loadTimeout);
        var codecFailures = new CodecFailures(settings.name, counters);
        var misses = new RemoteMissPath<>(
                settings.mode,
                region,
                recovery,
                generations,
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
                generations,
                local,
                keys,
                values,
                lifetimes,
                settings.quarantine,
                settings.onUnreachable,
                counters,
                codecFailures);
        var wide = new RemoteWide<>(settings.name, region, generations, ends, recovery, local, keys);
        return cache(reads(misses, epochs(region, keys)), writes, wide, tier, new Repairs(recovery, ends), () -> {
            region.close();
            local.close();
        });
    }

    private Function<K, Epoch> epochs(RemoteRegion region, KeyCodec<K> keys) {
        Epoch checking = Epoch.checking();
        return settings.mode == CacheMode.VALIDATED ? key -> checking : key -> region.epoch(keys.encode(key));
    }

    /** Modes that ask the remote tier at each read ask for generations, too. */
    private Supplier<Epoch> generationEpochs(RemoteRegion region) {
        Epoch checking = Epoch.checking();
        boolean asks = settings.mode == CacheMode.VALIDATED || settings.mode == CacheMode.REMOTE_ONLY;
        return asks ? () -> checking : region::generationEpoch;
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
            WideInvalidations wide,
            @Nullable RemoteTier tier,
            @Nullable Repairs recovery,
            Runnable onClose) {
        return new DefaultReactiveCache<>(
                settings.name,
                settings.loader,
                settings.bulkLoader,
                reads,
                writes,
                wide,
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
