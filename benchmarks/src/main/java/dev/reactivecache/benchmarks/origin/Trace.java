package dev.reactivecache.benchmarks.origin;

import java.util.Arrays;
import java.util.Random;

/**
 * Requests whose keys follow Zipf's law with exponent 0.99, always the same. With time the ranks move over the keys:
 * what was asked for most gives way to what was asked for least, one rank every hundred requests.
 */
final class Trace {
    private static final double EXPONENT = 0.99;
    private static final int REQUESTS_PER_SHIFT = 100;

    private final double[] upTo;
    private final Random random = new Random(20_260_101L);
    private int turn;

    Trace(int keys) {
        upTo = new double[keys];
        double sum = 0;
        for (int rank = 0; rank < keys; rank++) {
            sum += Math.pow(rank + 1, -EXPONENT);
            upTo[rank] = sum;
        }
    }

    String next() {
        double drawn = random.nextDouble() * upTo[upTo.length - 1];
        int found = Arrays.binarySearch(upTo, drawn);
        int rank = found < 0 ? -found - 1 : found;
        return "k" + (rank + turn++ / REQUESTS_PER_SHIFT) % upTo.length;
    }
}
