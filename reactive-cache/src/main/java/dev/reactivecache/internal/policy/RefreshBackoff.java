package dev.reactivecache.internal.policy;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a key is not loaded anew after that has failed: twice as long after each failure, up to a limit. Pure.
 *
 * @param first after the first failure
 * @param longest at most
 */
public record RefreshBackoff(Duration first, Duration longest) {
    private static final int DOUBLINGS = 40;

    /** The first pause, shortened by up to a half at random, so that keys that failed together do not return so. */
    public Duration drawFirst(RandomGenerator random) {
        long nanos = first.toNanos();
        return Duration.ofNanos(Math.max(1_000_000, nanos - (long) (nanos / 2.0 * random.nextDouble())));
    }

    /** The pause after one more failure. */
    public long drawNanos(int failuresBefore, RandomGenerator random) {
        double doubled = (double) drawFirst(random).toNanos() * (1L << Math.min(failuresBefore, DOUBLINGS));
        return (long) Math.min(doubled, (double) longest.toNanos());
    }
}
