package dev.reactivecache.policy;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The one source of time of a cache: a monotonic clock, and the scheduler that its timeouts run on.
 *
 * @param nanos a monotonic clock
 * @param scheduler runs timeouts
 */
public record Timer(LongSupplier nanos, Scheduler scheduler) {
    /** Real time. */
    public static Timer system() {
        return new Timer(System::nanoTime, Schedulers.parallel());
    }

    /** The time of a scheduler, which may be virtual. */
    public static Timer of(Scheduler scheduler) {
        return new Timer(() -> scheduler.now(TimeUnit.NANOSECONDS), scheduler);
    }

    /** The time on the clock. */
    public long now() {
        return nanos.getAsLong();
    }
}
