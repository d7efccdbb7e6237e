package dev.reactivecache.benchmarks;

/**
 * One way to do a piece of work.
 *
 * @param name for the tables
 * @param work does it again and again for some time
 */
public record Contender(String name, Work work) {
    /** Does the work until the time is over. */
    public interface Work {
        /** Answers how often it was done. */
        long runFor(long nanos) throws InterruptedException;
    }
}
