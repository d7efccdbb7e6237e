package dev.reactivecache.fuzz;

import java.time.Duration;
import java.util.Random;

/**
 * Runs a property with drawn input, again and again. {@code ./mvnw verify} makes a fixed number of tries from a fixed
 * seed, so that it gives the same result every time. {@code ./mvnw -Pfuzz} goes on for {@code fuzz.minutes} from a
 * random seed, or from {@code fuzz.seed}. The failure names the seed of the try that failed: with it, that try is the
 * first.
 */
public final class Fuzz {
    private static final String MINUTES = "fuzz.minutes";
    private static final String SEED = "fuzz.seed";
    private static final long USUAL_SEED = 20_261_130;

    private Fuzz() {}

    /** What must hold for anything drawn. */
    @FunctionalInterface
    public interface Property {
        void holds(Draw draw) throws Exception;
    }

    /** Tries {@code property} so many times, or for {@code fuzz.minutes} if that is set. */
    public static void tries(int tries, Property property) {
        String minutes = System.getProperty(MINUTES, "");
        if (minutes.isEmpty()) {
            run(seed(USUAL_SEED), tries, Long.MAX_VALUE, property);
        } else {
            long nanos =
                    (long) (Double.parseDouble(minutes) * Duration.ofMinutes(1).toNanos());
            run(seed(new Random().nextInt(Integer.MAX_VALUE)), Long.MAX_VALUE, nanos, property);
        }
    }

    private static long seed(long otherwise) {
        String given = System.getProperty(SEED, "");
        return given.isEmpty() ? otherwise : Long.parseLong(given);
    }

    static void run(long firstSeed, long tries, long nanos, Property property) {
        long start = System.nanoTime();
        for (long i = 0; i < tries && (i == 0 || System.nanoTime() - start < nanos); i++) {
            long seed = firstSeed + i;
            try {
                property.holds(new Draw(new Random(seed)));
            } catch (Throwable failure) { // failed assertions are errors
                throw new AssertionError(
                        "try " + (i + 1) + " failed; run it again with -D" + SEED + "=" + seed + ": " + failure,
                        failure);
            }
        }
    }
}
