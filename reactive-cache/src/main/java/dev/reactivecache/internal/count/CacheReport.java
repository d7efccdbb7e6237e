package dev.reactivecache.internal.count;

import dev.reactivecache.CacheHealth;
import dev.reactivecache.CacheHealth.Status;
import dev.reactivecache.CacheStats;
import dev.reactivecache.RecoveryHealth;
import dev.reactivecache.internal.local.LocalStore;
import dev.reactivecache.internal.recovery.Repairs;
import dev.reactivecache.observe.CacheObserver;
import dev.reactivecache.remote.RemoteHealth;
import dev.reactivecache.remote.RemoteTier;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * What a cache says of itself.
 *
 * @param remote the remote tier, or null without one
 * @param repairs what is sent to it again, or null without one
 */
public record CacheReport(
        Counters counters,
        Observers observers,
        LocalStore<?, ?> local,
        @Nullable RemoteTier remote,
        @Nullable Repairs repairs) {

    public Disposable observe(CacheObserver observer) {
        return observers.add(observer);
    }

    public CacheHealth health(String cache, boolean closed) {
        RemoteHealth ofTier = remote == null ? null : remote.health();
        RecoveryHealth recovery = repairs == null ? RecoveryHealth.NOTHING_PENDING : repairs.health();
        return new CacheHealth(cache, closed ? Status.CLOSED : statusOf(ofTier, recovery), ofTier, recovery);
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
                observers.failures());
    }
}
