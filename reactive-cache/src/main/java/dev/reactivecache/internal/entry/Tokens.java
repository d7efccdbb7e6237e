package dev.reactivecache.internal.entry;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers that are used once: every load attempt, every write and every stored value has its own. Within a process none
 * comes twice in 2^64 draws, since the mix below maps counts to numbers one to one; between processes they differ by a
 * random start.
 *
 * <p>The mix is that of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014).
 */
public final class Tokens {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
    private static final AtomicLong NEXT = new AtomicLong(seed());

    private Tokens() {}

    /** A number never returned before; never zero. */
    public static long next() {
        long token = mix(NEXT.getAndAdd(GOLDEN_GAMMA));
        return token == 0 ? next() : token;
    }

    private static long seed() {
        UUID random = UUID.randomUUID();
        return random.getMostSignificantBits() ^ Long.rotateLeft(random.getLeastSignificantBits(), 32);
    }

    private static long mix(long count) {
        long z = (count ^ (count >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
