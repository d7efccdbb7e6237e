package dev.reactivecache.internal.codec;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Decides which values of one class are read back. */
final class ReadBackSchedule {
    private final AtomicLong values = new AtomicLong();
    private final AtomicBoolean doubted = new AtomicBoolean();
    private final AtomicBoolean changed = new AtomicBoolean();
    private volatile int failedReads;

    /**
     * Whether the next value is to be read back: the first, second, fourth and so on, the next after a failed read, or
     * any if the class is doubted.
     *
     * @param failedReadsSoFar of values of any class
     */
    boolean isDue(int failedReadsSoFar) {
        boolean powerOfTwo = Long.bitCount(values.incrementAndGet()) == 1;
        boolean readFailed = failedReads != failedReadsSoFar;
        if (readFailed) {
            failedReads = failedReadsSoFar;
        }
        return powerOfTwo || readFailed || isDoubted();
    }

    /** Has every value read back from now on; true the first time. */
    boolean doubt() {
        return doubted.compareAndSet(false, true);
    }

    /** Whether a value of this class could not be read. */
    boolean isDoubted() {
        return doubted.get();
    }

    /** True the first time. */
    boolean isFirstChange() {
        return changed.compareAndSet(false, true);
    }
}
