package dev.reactivecache.benchmarks.peer;

import dev.reactivecache.benchmarks.Figure;
import java.util.Arrays;
import java.util.List;

/** Figures of one section, each of one run. */
public final class Figures {
    private final String section;

    /** Of the section of that name. */
    public Figures(String section) {
        this.section = section;
    }

    /** A number of which less is better. */
    public Figure of(String work, Peer peer, String unit, double value) {
        return Figure.alone(section, work, peer.title(), unit, value);
    }

    /** That the cache has no means for the work. */
    public Figure noMeans(String work, Peer peer) {
        return of(work, peer, "no means", Double.NaN);
    }

    /** That share of the numbers is at most the answer; NaN if there are none. */
    public static double quantile(List<Long> numbers, double share) {
        long[] sorted = numbers.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil((sorted.length - 1) * share)];
    }
}
