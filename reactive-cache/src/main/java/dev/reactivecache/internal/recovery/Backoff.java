package dev.reactivecache.internal.recovery;

import dev.reactivecache.internal.policy.Jitter;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before something is tried again: twice as long each time, up to a limit, less up to a half of it.
 */
final class Backoff {
    private static final long FIRST_NANOS = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int DOUBLINGS = 6;
    private static final Jitter JITTER = new Jitter(0.5);

    private Backoff() {}

    /** The wait after something has failed that had failed {@code attempts} times before. */
    static long nanos(int attempts, RandomGenerator random) {
        long whole = Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(attempts, DOUBLINGS));
        return JITTER.apply(whole, random);
    }
}
