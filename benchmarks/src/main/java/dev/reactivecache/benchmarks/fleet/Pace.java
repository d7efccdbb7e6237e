package dev.reactivecache.benchmarks.fleet;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Lets calls begin at a rate, and not more at once than allowed. Used by one thread, but for {@link #done()}. */
public final class Pace {
    private final Semaphore permits;
    private final int atOnce;
    private final double nanosEach;
    private final long begun = System.nanoTime();
    private long turns;

    /** A rate of {@code Integer.MAX_VALUE} is none. */
    public Pace(int atOnce, int perSecond) {
        this.atOnce = atOnce;
        this.permits = new Semaphore(atOnce);
        this.nanosEach = perSecond == Integer.MAX_VALUE ? 0 : 1e9 / perSecond;
    }

    /** Waits for the next turn, and for a free place. */
    public void await() throws InterruptedException {
        awaitTurn();
        if (!permits.tryAcquire(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("none of " + atOnce + " calls has ended within 20 seconds");
        }
    }

    /** Waits for the next turn, and says whether there is a free place. */
    public boolean awaitUnlessFull() {
        awaitTurn();
        return permits.tryAcquire();
    }

    private void awaitTurn() {
        long due = begun + (long) (turns++ * nanosEach);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** One call has ended. */
    public void done() {
        permits.release();
    }

    /** Waits until none runs. Answers false if some still do. */
    public boolean awaitAll(Duration longest) throws InterruptedException {
        return permits.tryAcquire(atOnce, longest.toMillis(), TimeUnit.MILLISECONDS);
    }
}
