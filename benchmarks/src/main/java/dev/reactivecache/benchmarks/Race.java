package dev.reactivecache.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Contenders doing the same work, in turns: in each round every one runs for the same while, and is compared with the first
 * one's run of that very round. So what the machine does besides hits all alike.
 */
final class Race {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final String name;
    private final List<Contender> contenders;

    /** @param contenders the first is what the others are compared with */
    Race(String name, List<Contender> contenders) {
        this.name = name;
        this.contenders = contenders;
    }

    /**
     * What one contender did.
     *
     * @param nanos for one operation: the median of all rounds
     * @param speed operations for each of the first contender's in the same time: the median of all rounds
     * @param low the first quartile of that
     * @param high the third quartile of that
     * @param bytes allocated by the calling thread for each operation
     */
    record Row(String race, String contender, double nanos, double speed, double low, double high, double bytes) {}

    List<Row> run(int rounds, long nanosEach) {
        double[][] nanos = new double[contenders.size()][rounds];
        double[] bytes = new double[contenders.size()];
        for (int round = -2; round < rounds; round++) { // two to warm up
            for (int i = 0; i < contenders.size(); i++) {
                long allocated =
                        THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
                long begun = System.nanoTime();
                long done = contenders.get(i).work().runFor(nanosEach);
                double took = (double) (System.nanoTime() - begun) / done;
                if (round >= 0) {
                    nanos[i][round] = took;
                    bytes[i] = (double) (THREADS.getThreadAllocatedBytes(
                                            Thread.currentThread().getId())
                                    - allocated)
                            / done;
                }
            }
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            double[] speeds = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                speeds[round] = nanos[0][round] / nanos[i][round];
            }
            Arrays.sort(speeds);
            double[] sorted = nanos[i].clone();
            Arrays.sort(sorted);
            rows.add(new Row(
                    name,
                    contenders.get(i).name(),
                    sorted[rounds / 2],
                    speeds[rounds / 2],
                    speeds[rounds / 4],
                    speeds[rounds - 1 - rounds / 4],
                    bytes[i]));
        }
        return rows;
    }
}
