package dev.reactivecache.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BaseSubscriber;

/**
 * Reads, of which always the same number is under way: when one ends, its place begins the next. {@code flatMap} would
 * do the same, but looks through all its places whenever one of them ends, which costs more than a read if they are
 * many.
 */
public final class InFlight {
    private final IntFunction<? extends Publisher<?>> read;
    private final int places;
    private final int step;
    private final int keys;
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicLong done = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /**
     * @param read of a key, given its number, and of the following ones if it is of several
     * @param step how many keys one read is of
     */
    public InFlight(IntFunction<? extends Publisher<?>> read, int places, int step, int keys) {
        this.read = read;
        this.places = places;
        this.step = step;
        this.keys = keys;
    }

    /** How many keys were read. */
    public long runFor(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        CountDownLatch idle = new CountDownLatch(places);
        for (int i = 0; i < places; i++) {
            new Place(end, idle).begin();
        }
        idle.await();
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("a read failed", thrown);
        }
        return done.getAndSet(0) * step;
    }

    /** Begins reads one after another. One that ends at once is followed in a loop, not on a deeper stack. */
    private final class Place {
        private final long end;
        private final CountDownLatch idle;
        private final AtomicInteger ended = new AtomicInteger();

        Place(long end, CountDownLatch idle) {
            this.end = end;
            this.idle = idle;
        }

        void begin() {
            do {
                if (System.nanoTime() - end >= 0 || failure.get() != null) {
                    idle.countDown();
                    return;
                }
                ended.set(1);
                read.apply(Integer.remainderUnsigned(turn.getAndAdd(step), keys))
                        .subscribe(new Reading());
            } while (ended.decrementAndGet() != 0);
        }

        private final class Reading extends BaseSubscriber<Object> {
            @Override
            protected void hookOnComplete() {
                done.incrementAndGet();
                over();
            }

            @Override
            protected void hookOnError(Throwable thrown) {
                failure.compareAndSet(null, thrown);
                over();
            }

            private void over() {
                if (ended.getAndIncrement() == 0) {
                    begin();
                }
            }
        }
    }
}
