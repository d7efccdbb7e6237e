package dev.reactivecache.internal.count;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides whether something that must be quick is slow: five of a hundred calls in a row took a millisecond or more. A
 * pause of the machine makes a few calls slow at once, and does not count as that.
 */
final class SlowCalls {
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int CALLS = 100;
    private static final int SLOW_CALLS = 5;

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger slow = new AtomicInteger();
    private final AtomicBoolean found = new AtomicBoolean();

    /** Notes a call; true once, with the call that shows that they are slow. */
    boolean isFound(long tookNanos) {
        if (found.get()) {
            return false;
        }
        int slowSoFar = tookNanos < SLOW_NANOS ? 0 : slow.incrementAndGet();
        if (calls.incrementAndGet() == CALLS) {
            calls.set(0);
            slow.set(0);
        }
        return slowSoFar >= SLOW_CALLS && found.compareAndSet(false, true);
    }
}
