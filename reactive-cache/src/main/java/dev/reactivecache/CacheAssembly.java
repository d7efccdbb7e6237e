package dev.reactivecache;

import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.internal.age.Lives;
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
import dev.reactivecache.internal.policy.Checks;
import dev.reactivecache.internal.policy.Jitter;
import dev.reactivecache.internal.policy.Lifetimes;
import dev.reactivecache.internal.read.Lifecycle;
import dev.reactivecache.internal.read.LoadSharing;
import dev.reactivecache.internal.read.Reads;
import dev.reactivecache.internal.recovery.Repairs;
import dev.reactivecache.internal.refresh.Refreshes;
import dev.reactivecache.internal.terms.OwnTerms;
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
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Puts a cache together from what its builder was given. */
final class CacheAssembly<K, V> {
    private static final Duration DEFAULT_LOCAL_TTL = Duration.ofSeconds(30);

    private final ReactiveCacheBuilder<K, V> settings;
    private final Lives lives;
    private final OwnTerms<K, V> terms;
    private final TimeSource timer;
    private final Observers observers;
    private final Counters counters;
    private final LocalStore<K, V> local;
    private final SourceCalls<K, V> sources;
    private final InvalidationHub<K> hub;
    private final OwnLoaders<K, V> own;

    private CacheAssembly(ReactiveCacheBuilder<K, V> settings) {
        this.settings = settings;
        this.lives = livesOf(settings);
        this.timer = settings.timer;
        this.observers = new Observers(settings.name, timer, settings.observers);
        this.counters = new Counters(settings.name, timer, observers);
        this.local = new LocalStore<>(
                settings.local, encodedSizeBy(settings), lives.lifetimes().localTtl(), timer, this::onEvictions);
        this.terms = new OwnTerms<>(settings.name, settings.tags, settings.ttlOfValue);
        this.sources =
                new SourceCalls<>(terms, settings.loadTimeout, settings.loadBulkhead, timer, counters, observers);
        this.hub = new InvalidationHub<>(settings.invalidationBuffer, timer.subscribers());
        this.own = new OwnLoaders<>(settings.name, settings.loader, settings.bulkLoader, timer);
    }

    static <K, V> ReactiveCache<K, V> assemble(ReactiveCacheBuilder<K, V> settings) {
        CacheAssembly<K, V> assembly = new CacheAssembly<>(settings);
        RemoteTier tier = settings.remote;
        assembly.requireModeFor(tier);
        return tier == null ? assembly.inMemory() : assembly.shared(tier);
    }

    private void onEvictions(int count) {
        observers.tell(observer -> observer.onEvictions(count));
    }

    private ReactiveCache<K, V> inMemory() {
        Epoch epoch = Epoch.unbounded();
        var misses = new LocalMisses<>(local, sources, lives, timer);
        var writes = new LocalWrites<K, V>(local, lives, terms, timer, epoch, (key, cause) -> {
            counters.invalidations.increment();
            if (hub.hasReaders()) {
                hub.publish(new Invalidation.KeyInvalidated<>(key, cause));
            }
        });
        var wide = new LocalWideInvalidations<>(settings.name, local, hub, counters, settings.keys);
        var refreshes = refreshes(misses);
        var life = new Lifecycle(settings.name, Mono::empty, () -> {
            refreshes.close();
            local.close();
            hub.close();
        });
        return cache(
                reads(life, misses, refreshes, key -> epoch),
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
        var tierReads = new TierReads<>(shared, codecs, local, sources, lives, leases, timer, counters);
        var writeTerms = new WriteTerms(settings.quarantine, settings.onUnreachable);
        var tierWrites = new TierWrites<>(terms, shared, codecs, local, lives, writeTerms, counters);
        var wide = new RemoteWideInvalidations<>(tierWrites, local);
        var misses = new RemoteMisses<>(tierReads);
        var refreshes = refreshes(misses);
        Supplier<Mono<Void>> last = () -> {
            refreshes.close(); // first, so that rights are given back while the tier still hears of it
            return repairs.close();
        };
        var life = new Lifecycle(settings.name, last, () -> {
            region.close();
            local.close();
            hub.close();
        });
        return cache(
                reads(life, misses, refreshes, epochs(rules, region, codecs)),
                new Changes<>(new RemoteWrites<>(tierWrites), wide, timer, counters),
                new CacheReport(counters, observers, local, tier, failures::problem, repairs));
    }

    private TierCodecs<K, V> codecs(CodecFailures failures) {
        KeyCodec<K> keys = needed(settings.keys, "key(KeyCodec)");
        ValueCodec<V> values = needed(settings.values, "value(ValueCodec)");
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

    private Refreshes<K, V> refreshes(Misses<K, V> misses) {
        return new Refreshes<>(local, misses, own.forRefresh(), lives.terms(), timer, counters, observers);
    }

    private Reads<K, V> reads(
            Lifecycle life, Misses<K, V> misses, Refreshes<K, V> refreshes, Function<K, Epoch> epochs) {
        boolean outlivesCallers = settings.onAbandon == OnAbandon.FINISH_LOAD;
        var sharing = new LoadSharing(settings.loaderContext, outlivesCallers);
        return new Reads<>(life, local, misses, epochs, sharing, refreshes, timer, counters);
    }

    private ReactiveCache<K, V> cache(Reads<K, V> reads, Changes<K, V> changes, CacheReport report) {
        return new DefaultReactiveCache<>(own, reads, changes, hub, report, reads.life);
    }

    private static Lives livesOf(ReactiveCacheBuilder<?, ?> settings) {
        Duration localTtl = settings.local.ttl();
        if (localTtl != null) {
            Duration longest = settings.stale.windows().longest();
            String limit = longest.isZero() ? "ttl" : "ttl with its longest window";
            Checks.notLonger("local ttl", localTtl, limit, settings.ttl.plus(longest));
        }
        var lifetimes = new Lifetimes(
                settings.ttl,
                settings.absentTtl,
                localTtl == null ? defaultLocalTtl(settings) : localTtl,
                new Jitter(settings.jitter));
        return new Lives(
                lifetimes,
                settings.stale.windows(),
                settings.stale.terms(settings.loadTimeout, settings.loaderContext));
    }

    private static Duration defaultLocalTtl(ReactiveCacheBuilder<?, ?> settings) {
        Duration ttl = settings.remote == null
                ? settings.ttl
                : settings.ttl.plus(settings.stale.windows().longest());
        Duration absentTtl = settings.absentTtl;
        Duration longest = absentTtl == null || absentTtl.compareTo(ttl) < 0 ? ttl : absentTtl;
        return settings.remote == null || longest.compareTo(DEFAULT_LOCAL_TTL) < 0 ? longest : DEFAULT_LOCAL_TTL;
    }

    /** What measures values, if the local tier wants them measured. */
    private static <V> @Nullable ToIntFunction<V> encodedSizeBy(ReactiveCacheBuilder<?, V> settings) {
        if (!settings.local.measuresEncodedSize()) {
            return null;
        }
        ValueCodec<V> values = settings.values;
        if (values == null) {
            throw new IllegalStateException("cache '" + settings.name
                    + "' measures encoded values (maximumEncodedSize), which needs value(ValueCodec) to be set");
        }
        return values::encodedSize;
    }

    private void requireModeFor(@Nullable RemoteTier tier) {
        if (tier == null && settings.mode != CacheMode.BOUNDED) {
            throw new IllegalStateException(
                    "mode (" + settings.mode + ") of cache '" + settings.name + "' needs a remote tier");
        }
    }

    private <T> T needed(@Nullable T codec, String method) {
        if (codec == null) {
            throw new IllegalStateException(
                    "cache '" + settings.name + "' has a remote tier, which needs " + method + " to be set");
        }
        return codec;
    }
}
