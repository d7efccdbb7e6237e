package dev.reactivecache.micrometer;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.CacheStats;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.StaleHealth;
import dev.reactivecache.observe.CacheObserver;
import dev.reactivecache.observe.Outcome;
import dev.reactivecache.observe.RefreshCause;
import dev.reactivecache.observe.RemoteOperation;
import dev.reactivecache.observe.Watch;
import dev.reactivecache.remote.RemoteHealth;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.util.context.ContextView;

/**
 * The meters of a cache. Their names, tags and units stand in {@code docs/metrics.md}. Counters and gauges are read
 * when the registry publishes, so that a hit in memory pays for none of them; loads and calls of the remote tier are
 * timed.
 */
public final class CacheMeters {
    private final ReactiveCache<?, ?> cache;
    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Meter> meters = new CopyOnWriteArrayList<>();

    private CacheMeters(ReactiveCache<?, ?> cache, MeterRegistry registry) {
        this.cache = cache;
        this.registry = registry;
        this.tags = Tags.of("cache", cache.name());
    }

    /**
     * Registers the meters of a cache. The registry holds the cache weakly.
     *
     * @return what removes them again
     */
    public static Disposable bind(ReactiveCache<?, ?> cache, MeterRegistry registry) {
        var bound = new CacheMeters(requireNonNull(cache, "cache"), requireNonNull(registry, "registry"));
        bound.registerCounters();
        bound.registerGauges();
        if (cache.health().remote() != null) {
            bound.registerRemote();
        }
        return Disposables.composite(cache.observe(bound.new Times()), bound::remove);
    }

    private void registerCounters() {
        counter("reactive.cache.hits", tags.and("tier", "local"), CacheStats::localHits);
        counter("reactive.cache.misses", tags, CacheStats::misses);
        counter("reactive.cache.coalesced", tags, CacheStats::coalesced);
        counter("reactive.cache.invalidations", tags, CacheStats::invalidations);
        counter("reactive.cache.evictions", tags, CacheStats::evictions);
        counter("reactive.cache.observer.failures", tags, CacheStats::observerFailures);
        counter("reactive.cache.stale", tags.and("reason", "revalidation"), CacheStats::staleRevalidating);
        counter("reactive.cache.stale", tags.and("reason", "error"), CacheStats::staleOnError);
        counter("reactive.cache.stale", tags.and("reason", "timeout"), CacheStats::staleOnTimeout);
        counter("reactive.cache.refreshes.skipped", tags, CacheStats::skippedRefreshes);
    }

    private void registerGauges() {
        gauge("reactive.cache.local.size", null, watched -> watched.stats().localSize());
        gauge("reactive.cache.local.weight", null, watched -> watched.stats().localWeight());
        gauge("reactive.cache.stale.oldest", "seconds", CacheMeters::oldestStale);
    }

    private void registerRemote() {
        counter("reactive.cache.hits", tags.and("tier", "remote"), CacheStats::remoteHits);
        counter("reactive.cache.checks", tags, CacheStats::checks);
        counter("reactive.cache.fills.refused", tags, CacheStats::refusedFills);
        counter("reactive.cache.gaps", tags, CacheStats::gaps);
        counter("reactive.cache.remote.failures", tags, CacheStats::remoteFailures);
        counter("reactive.cache.codec.failures", tags.and("direction", "read"), CacheStats::unreadable);
        counter("reactive.cache.codec.failures", tags.and("direction", "write"), CacheStats::unwritable);
        counter("reactive.cache.recovery.recovered", tags, CacheStats::recovered);
        counter("reactive.cache.recovery.lost", tags, CacheStats::lost);
        gauge(
                "reactive.cache.recovery.pending",
                null,
                watched -> watched.health().recovery().total());
        gauge("reactive.cache.stream.live", null, CacheMeters::live);
        gauge("reactive.cache.stream.silence", "seconds", CacheMeters::silence);
    }

    private static double oldestStale(ReactiveCache<?, ?> cache) {
        StaleHealth stale = cache.health().stale();
        return stale == null ? 0 : stale.oldest().toNanos() / 1e9;
    }

    private static double live(ReactiveCache<?, ?> cache) {
        RemoteHealth remote = cache.health().remote();
        return remote != null && remote.streamLive() ? 1 : 0;
    }

    private static double silence(ReactiveCache<?, ?> cache) {
        RemoteHealth remote = cache.health().remote();
        Duration silence = remote == null ? null : remote.silence();
        return silence == null ? Double.NaN : silence.toNanos() / 1e9;
    }

    private void counter(String name, Tags labels, ToDoubleFunction<CacheStats> count) {
        meters.add(FunctionCounter.builder(name, cache, watched -> count.applyAsDouble(watched.stats()))
                .tags(labels)
                .register(registry));
    }

    private void gauge(String name, @Nullable String unit, ToDoubleFunction<ReactiveCache<?, ?>> value) {
        meters.add(Gauge.builder(name, cache, value).tags(tags).baseUnit(unit).register(registry));
    }

    private void remove() {
        meters.forEach(registry::remove);
    }

    private void record(Timer.Builder timer, Outcome outcome, Duration took) {
        Timer registered = timer.tags(tags).tag("outcome", lowerCase(outcome)).register(registry);
        if (!meters.contains(registered)) {
            meters.add(registered);
        }
        registered.record(took);
    }

    static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Times loads, refreshes and calls of the remote tier. */
    private final class Times implements CacheObserver {
        @Override
        public Watch onLoad(ContextView context) {
            return ending((outcome, took) -> record(Timer.builder("reactive.cache.load"), outcome, took));
        }

        @Override
        public Watch onRemote(RemoteOperation operation, ContextView context) {
            return ending((outcome, took) -> record(
                    Timer.builder("reactive.cache.remote").tag("operation", lowerCase(operation)), outcome, took));
        }

        @Override
        public Watch onRefresh(RefreshCause cause, ContextView context) {
            return ending((outcome, took) ->
                    record(Timer.builder("reactive.cache.refresh").tag("cause", lowerCase(cause)), outcome, took));
        }

        private Watch ending(Ending ending) {
            return new Watch() {
                @Override
                public void onEnd(Outcome outcome, Duration took, @Nullable Throwable failure) {
                    ending.onEnd(outcome, took);
                }
            };
        }
    }

    /** What is done when an operation ends. */
    private interface Ending {
        void onEnd(Outcome outcome, Duration took);
    }
}
