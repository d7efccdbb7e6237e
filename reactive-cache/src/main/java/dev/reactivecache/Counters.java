package dev.reactivecache;

import dev.reactivecache.observe.CacheObserver;
import java.util.concurrent.atomic.LongAdder;

/** Where a cache counts. What each counter means stands in {@link CacheStats}. */
final class Counters {
    final HitCounter localHits = HitCounter.forThisMachine();
    final LongAdder remoteHits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder coalesced = new LongAdder();
    final LongAdder loads = new LongAdder();
    final LongAdder loadFailures = new LongAdder();
    final LongAdder loadNanos = new LongAdder();
    final LongAdder checks = new LongAdder();
    final LongAdder refusedFills = new LongAdder();
    final LongAdder unreadable = new LongAdder();
    final LongAdder unwritable = new LongAdder();
    final LongAdder remoteFailures = new LongAdder();
    final LongAdder invalidations = new LongAdder();
    final LongAdder gaps = new LongAdder();
    private final Observers observers;

    Counters(Observers observers) {
        this.observers = observers;
    }

    void coalesced() {
        coalesced.increment();
        observers.tell(CacheObserver::onCoalesced);
    }

    void refusedFill() {
        refusedFills.increment();
        observers.tell(CacheObserver::onRefusedFill);
    }

    void check() {
        checks.increment();
        observers.tell(CacheObserver::onCheck);
    }

    void gap(String reason) {
        gaps.increment();
        observers.tell(observer -> observer.onGap(reason));
    }
}
