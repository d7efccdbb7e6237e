package dev.reactivecache.internal.count;

import dev.reactivecache.CacheStats;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.observe.CacheObserver;
import java.util.concurrent.atomic.LongAdder;

/** Where a cache counts. What each counter means stands in {@link CacheStats}. */
public final class Counters {
    public final HitCounter localHits = HitCounter.forThisMachine();
    public final LongAdder remoteHits = new LongAdder();
    public final LongAdder misses = new LongAdder();
    public final LongAdder coalesced = new LongAdder();
    public final LongAdder loads = new LongAdder();
    public final LongAdder loadFailures = new LongAdder();
    public final LongAdder loadNanos = new LongAdder();
    final LongAdder checks = new LongAdder();
    final LongAdder refusedFills = new LongAdder();
    public final LongAdder unreadable = new LongAdder();
    public final LongAdder unwritable = new LongAdder();
    public final LongAdder remoteFailures = new LongAdder();
    public final LongAdder invalidations = new LongAdder();
    final LongAdder gaps = new LongAdder();
    final LongAdder refreshes = new LongAdder();
    final LongAdder refreshFailures = new LongAdder();
    final LongAdder skippedRefreshes = new LongAdder();
    public final StaleAnswers stale;
    private final Observers observers;

    public Counters(String cache, TimeSource timer, Observers observers) {
        this.observers = observers;
        this.stale = new StaleAnswers(cache, timer, observers);
    }

    /** A key was loaded anew, with no caller waiting. */
    public void refreshed(boolean failed) {
        (failed ? refreshFailures : refreshes).increment();
    }

    /** A key was not loaded anew, although a read asked for it: it cannot be, or others do, or it has just failed. */
    public void skippedRefresh() {
        skippedRefreshes.increment();
    }

    public void coalesced() {
        coalesced.increment();
        observers.tell(CacheObserver::onCoalesced);
    }

    public void refusedFill() {
        refusedFills.increment();
        observers.tell(CacheObserver::onRefusedFill);
    }

    public void check() {
        checks.increment();
        observers.tell(CacheObserver::onCheck);
    }

    public void gap(String reason) {
        gaps.increment();
        observers.tell(observer -> observer.onGap(reason));
    }
}
