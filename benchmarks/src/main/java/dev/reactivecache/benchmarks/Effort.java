package dev.reactivecache.benchmarks;

/**
 * How much time is spent.
 *
 * @param rounds in each of which every contender runs once
 * @param quick whether it is little, so that figures are rough
 */
public record Effort(int rounds, boolean quick) {
    /** More rounds, sizes and rates: about half an hour. */
    public static final Effort FULL = new Effort(5, false);
    /** About eight minutes for all sections. */
    public static final Effort QUICK = new Effort(3, true);
}
