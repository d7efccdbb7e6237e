package dev.reactivecache.internal.policy;

import java.util.random.RandomGenerator;

/**
 * Loads an entry anew shortly before its time to live ends, at a moment that each read draws: the later and the dearer
 * the load, the likelier. So of many readers, on many nodes, one begins, and the others never meet an expired entry.
 * Pure.
 *
 * <p>Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention, VLDB 2015 (XFetch).
 *
 * @param beta how early: one is right where loads take about as long each time; zero is never
 */
public record EarlyRefresh(double beta) {
    /** Never. */
    public static final EarlyRefresh OFF = new EarlyRefresh(0);

    /** How many times beta and the load's time before the end draws begin: earlier ones would win once in 22,000. */
    private static final double REACH = 10;

    /** How long before the end of its time to live reads of an entry begin to draw. Half of that at most. */
    public long reachNanos(long ttlNanos, long tookNanos) {
        return (long) Math.min(ttlNanos / 2.0, REACH * beta * tookNanos);
    }

    /** Whether a read with so much time left is the one that begins. */
    public boolean draws(long leftNanos, long tookNanos, RandomGenerator random) {
        return beta > 0 && -beta * tookNanos * Math.log(1 - random.nextDouble()) >= leftNanos;
    }
}
