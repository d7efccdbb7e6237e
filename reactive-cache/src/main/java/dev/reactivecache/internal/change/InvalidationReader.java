package dev.reactivecache.internal.change;

import dev.reactivecache.Invalidation;
import dev.reactivecache.Invalidation.Gap;
import dev.reactivecache.Invalidation.KeyInvalidated;
import dev.reactivecache.ReactiveCache;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * One subscriber of {@link ReactiveCache#invalidations()}. What it has not taken yet waits in a bounded buffer, in
 * which a newer event of a key replaces an older one; when that overflows, all that waits becomes one gap. Events are
 * handed over by a scheduler, so that the publishing thread never runs the subscriber's code: some at a time, by one
 * thread at a time, and none while nothing waits.
 */
final class InvalidationReader<K> implements Subscription, Runnable, Scannable {
    private static final Object GAP = new Object();

    /** How much is done for this subscriber before others have their turn on the same thread. */
    private static final int TURN = 32;

    private final CoreSubscriber<? super Invalidation<K>> actual;
    private final int capacity;
    private final Scheduler scheduler;
    private final Consumer<InvalidationReader<K>> onEnd;
    private final Map<Object, Invalidation<K>> waiting = new LinkedHashMap<>(); // guarded by itself
    private final AtomicLong requested = new AtomicLong();

    /** Wishes to drain that have not been met; one more until {@link #begin}, so that nothing comes before. */
    private final AtomicInteger wishes = new AtomicInteger(1);

    private volatile boolean finished;
    private volatile boolean cancelled;
    private volatile @Nullable Throwable misuse;

    InvalidationReader(
            CoreSubscriber<? super Invalidation<K>> actual,
            int capacity,
            Scheduler scheduler,
            Consumer<InvalidationReader<K>> onEnd) {
        this.actual = actual;
        this.capacity = capacity;
        this.scheduler = scheduler;
        this.onEnd = onEnd;
    }

    /** Lets events through: the subscriber has its subscription. */
    void begin() {
        schedule();
    }

    void offer(Invalidation<K> event) {
        synchronized (waiting) {
            if (event instanceof KeyInvalidated<K> invalidated) {
                waiting.remove(invalidated.key()); // it waits where its newest event belongs
                waiting.put(invalidated.key(), event);
            } else {
                Object place = event instanceof Gap ? GAP : event;
                waiting.remove(place);
                waiting.put(place, event);
            }
            if (waiting.size() > capacity) {
                waiting.clear();
                waiting.put(GAP, new Gap<>("more than " + capacity + " keys were waiting for this subscriber"));
            }
        }
        drain();
    }

    void finish() {
        finished = true;
        drain();
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            misuse = new IllegalArgumentException("3.9: a request must be for more than zero elements, not " + n);
        } else {
            requested.accumulateAndGet(n, Operators::addCap);
        }
        drain();
    }

    @Override
    public void cancel() {
        cancelled = true;
        end();
    }

    private void end() {
        onEnd.accept(this);
        synchronized (waiting) {
            waiting.clear();
        }
    }

    private void drain() {
        if (wishes.getAndIncrement() == 0) {
            schedule();
        }
    }

    private void schedule() {
        try {
            scheduler.schedule(this);
        } catch (RejectedExecutionException shutDown) {
            cancel(); // the scheduler is gone, and with it all ways to reach the subscriber
        }
    }

    @Override
    public void run() {
        int left = TURN;
        int met = wishes.get();
        while (left > 0) {
            left -= 1 + handOver(left);
            if (cancelled) {
                return;
            }
            if (left >= 0) { // all was done that could be
                met = wishes.addAndGet(-met);
                if (met == 0) {
                    return;
                }
            }
        }
        schedule(); // behind what else the scheduler has to do
    }

    /** Emits what waits, as far as it was requested, but so many at most; returns how many. */
    private int handOver(int most) {
        Throwable wrong = misuse;
        if (wrong != null && !cancelled) {
            cancel();
            actual.onError(wrong);
        }
        int emitted = 0;
        while (!cancelled && emitted < most && emitted < requested.get()) {
            Invalidation<K> next = take();
            if (next == null) {
                break;
            }
            tell(next);
            emitted++;
        }
        if (emitted > 0 && requested.get() != Long.MAX_VALUE) {
            requested.addAndGet(-emitted);
        }
        if (!cancelled && finished && isEmpty()) {
            cancel();
            actual.onComplete();
        }
        return emitted;
    }

    /** A subscriber must not throw (Reactive Streams, rule 2.13); one that does has cancelled by it. */
    private void tell(Invalidation<K> event) {
        try {
            actual.onNext(event);
        } catch (Throwable wrong) {
            cancel();
            throw wrong; // the scheduler tells of it
        }
    }

    private @Nullable Invalidation<K> take() {
        synchronized (waiting) {
            Iterator<Invalidation<K>> oldest = waiting.values().iterator();
            if (!oldest.hasNext()) {
                return null;
            }
            Invalidation<K> event = oldest.next();
            oldest.remove();
            return event;
        }
    }

    private boolean isEmpty() {
        synchronized (waiting) {
            return waiting.isEmpty();
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return requested.get();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
