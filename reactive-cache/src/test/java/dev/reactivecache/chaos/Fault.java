package dev.reactivecache.chaos;

import java.time.Duration;
import java.util.Random;

/**
 * Something that goes wrong.
 *
 * @param name for people
 * @param target what it happens to: two faults of one target never overlap, others may
 * @param weight how often it is chosen, beside the others
 * @param effect what the documentation allows because of it
 * @param course the fault, its time, and its end
 */
record Fault(String name, String target, int weight, Effect effect, Course course) {
    enum Effect {
        /** Nothing is allowed that is not allowed without it. */
        NONE,
        /** Redis does not announce the changes that it makes meanwhile. */
        UNTOLD,
        /** Redis may lose changes that it has acknowledged. */
        FORGOTTEN
    }

    interface Course {
        void run(Hand hand) throws Exception;
    }

    /** Chance and time of one fault. */
    static final class Hand {
        final Random random;

        Hand(Random random) {
            this.random = random;
        }

        /** Waits for a while. */
        void hold(long leastMillis, long mostMillis) throws InterruptedException {
            Thread.sleep(leastMillis + random.nextInt((int) (mostMillis - leastMillis) + 1));
        }

        void hold(Duration time) throws InterruptedException {
            Thread.sleep(time.toMillis());
        }
    }

    /**
     * A fault that has been.
     *
     * @param begin read from the monotonic clock before it began
     * @param end read after it had ended
     */
    record Episode(String name, Effect effect, long begin, long end) {}
}
