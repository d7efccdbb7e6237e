package dev.reactivecache.internal.time;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The one source of time of a cache: a monotonic clock, the schedulers that its timeouts and its subscribers run on,
 * and the chance by which delays differ.
 *
 * @param nanos a monotonic clock
 * @param scheduler runs timeouts
 * @param subscribers runs code of users that nobody waits for, and that may block
 * @param chance gives the calling thread a source of random numbers
 */
public record TimeSource(
        LongSupplier nanos, Scheduler scheduler, Scheduler subscribers, Supplier<RandomGenerator> chance) {
    /** Real time. */
    public static TimeSource system() {
        return new TimeSource(
                System::nanoTime, Schedulers.parallel(), Schedulers.boundedElastic(), ThreadLocalRandom::current);
    }

    /** The time of a scheduler, which may be virtual and runs all; what happens then does not depend on chance. */
    public static TimeSource of(Scheduler scheduler) {
        RandomGenerator sameEachTime = new Random(0);
        return new TimeSource(() -> scheduler.now(TimeUnit.NANOSECONDS), scheduler, scheduler, () -> sameEachTime);
    }

    /** Random numbers for the calling thread. */
    public RandomGenerator random() {
        return chance.get();
    }

    /** The time on the clock. */
    public long now() {
        return nanos.getAsLong();
    }
}
