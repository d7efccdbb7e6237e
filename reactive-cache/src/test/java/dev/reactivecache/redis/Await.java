package dev.reactivecache.redis;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for conditions in real time: looks again and again, and gives up long after any healthy machine would. */
public final class Await {
    static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long PAUSE_MILLIS = 5;

    private Await() {}

    /** Returns once the condition holds. A condition that throws does not hold yet. */
    public static void until(String what, Callable<Boolean> condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        Exception last = null;
        do {
            try {
                if (condition.call()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            pause();
        } while (System.nanoTime() - end < 0);
        throw new AssertionError("within " + LIMIT + " it did not come to be that " + what, last);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
