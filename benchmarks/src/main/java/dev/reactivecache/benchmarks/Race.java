package dev.reactivecache.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * Contenders doing the same work, in turns: in each round every one runs for the same while, and is compared with our
 * run of that very round. So what the machine does besides hits all alike.
 */
public final class Race {
    private static final int WARM_UP_ROUNDS = 3;

    private final String section;
    private final String work;
    private final List<Contender> contenders;

    /** @param contenders the first is ours */
    public Race(String section, String work, List<Contender> contenders) {
        this.section = section;
        this.work = work;
        this.contenders = contenders;
    }

    /** Microseconds for one operation. */
    public List<Figure> run(int rounds, long nanosEach) throws InterruptedException {
        return run(rounds, nanosEach, "us", 1_000);
    }

    /** Nanoseconds for one operation. */
    public List<Figure> runOfNanos(int rounds, long nanosEach) throws InterruptedException {
        return run(rounds, nanosEach, "ns", 1);
    }

    private List<Figure> run(int rounds, long nanosEach, String unit, double nanosOfUnit) throws InterruptedException {
        double[][] took = new double[contenders.size()][rounds];
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                long begun = System.nanoTime();
                long done = contenders.get(i).work().runFor(nanosEach);
                if (round >= 0) {
                    took[i][round] = (System.nanoTime() - begun) / nanosOfUnit / done;
                }
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            figures.add(Figure.of(section, work, contenders.get(i).name(), unit, took[i], took[0]));
        }
        return figures;
    }
}
