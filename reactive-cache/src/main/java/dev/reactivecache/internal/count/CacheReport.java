package dev.reactivecache.internal.count;

import dev.reactivecache.CacheHealth;
import dev.reactivecache.CacheHealth.Status;
import dev.reactivecache.CacheStats;
import dev.reactivecache.RecoveryHealth;
import dev.reactivecache.StaleHealth;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.internal.recovery.Repairs;
import dev.reactivecache.observe.CacheObserver;
import dev.reactivecache.remote.RemoteHealth;
import dev.reactivecache.remote.RemoteTier;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * What a cache says of itself.
 *
 * @param remote the remote tier, or null without one
 * @param ofValues what is wrong with the values that are given to it, in words, or null
 * @param repairs what is sent to it again, or null without one
 */
public record CacheReport(
        Counters counters,
        Observers observers,
        LocalStore<?, ?> local,
        @Nullable RemoteTier remote,
        Supplier<@Nullable String> ofValues,
        @Nullable Repairs repairs) {

    public Disposable observe(CacheObserver observer) {
        return observers.add(observer);
    }

    public CacheHealth health(String cache, boolean closed) {
        RemoteHealth ofTier = remote == null ? null : withProblem(remote.health(), ofValues.get());
        RecoveryHealth recovery = repairs == null ? RecoveryHealth.NOTHING_PENDING : repairs.health();
        StaleHealth stale = counters.stale.health();
        Status status = closed ? Status.CLOSED : worse(statusOf(ofTier, recovery), stale);
        return new CacheHealth(cache, status, ofTier, recovery, stale);
    }

    private static Status worse(Status status, @Nullable StaleHealth stale) {
        return status == Status.UP && stale != null ? Status.DEGRADED : status;
    }

    private static RemoteHealth withProblem(RemoteHealth ofTier, @Nullable String another) {
        if (another == null) {
            return ofTier;
        }
        String all = ofTier.problem() == null ? another : ofTier.problem() + "; " + another;
        return new RemoteHealth(ofTier.connected(), ofTier.streamLive(), ofTier.silence(), all);
    }

    private static Status statusOf(@Nullable RemoteHealth ofTier, RecoveryHealth recovery) {
        if (ofTier == null) {
            return Status.UP;
        }
        if (!ofTier.connected()) {
            return Status.DISCONNECTED;
        }
        boolean well = ofTier.streamLive() && ofTier.problem() == null && recovery.oldest() == null;
        return well ? Status.UP : Status.DEGRADED;
    }

    public CacheStats stats() {
        return new CacheStats(
                counters.localHits.sum(),
                counters.remoteHits.sum(),
                counters.misses.sum(),
                counters.coalesced.sum(),
                counters.loads.sum(),
                counters.loadFailures.sum(),
                Duration.ofNanos(counters.loadNanos.sum()),
                counters.checks.sum(),
                counters.refusedFills.sum(),
                counters.unreadable.sum(),
                counters.unwritable.sum(),
                counters.remoteFailures.sum(),
                counters.invalidations.sum(),
                counters.gaps.sum(),
                repairs == null ? 0 : repairs.recovered(),
                repairs == null ? 0 : repairs.lost(),
                local.evictions(),
                local.size(),
                local.weight(),
                observers.failures(),
                counters.stale.revalidating.sum(),
                counters.stale.onError.sum(),
                counters.stale.onTimeout.sum(),
                counters.refreshes.sum(),
                counters.refreshFailures.sum(),
                counters.skippedRefreshes.sum());
    }
}
