package dev.reactivecache.internal.policy;

import java.util.random.RandomGenerator;

/**
 * Shortens each time to live by a random share, so that what was stored together does not expire together. Uniform,
 * because a flat spread has the lowest peak of reloads for its width; only ever shorter, so that a time to live stays
 * an upper bound.
 *
 * @param fraction the largest share taken off: at least 0, below 1
 */
public record Jitter(double fraction) {
    /** Checks the fraction. */
    public Jitter {
        Checks.fraction("jitter", fraction);
    }

    /** A duration drawn from {@code ((1 - fraction) * nanos, nanos]}. */
    public long apply(long nanos, RandomGenerator random) {
        return fraction == 0 ? nanos : nanos - (long) (nanos * fraction * random.nextDouble());
    }
}
