package dev.reactivecache.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * Contenders doing the same work, in turns: in each round every one runs for the same while, and is compared with our run of
 * that very round. So what the machine does besides hits all alike.
 */
final class Race {
    private static final int WARM_UP_ROUNDS = 3;

    private final String section;
    private final String work;
    private final List<Contender> contenders;

    /** @param contenders the first is ours */
    Race(String section, String work, List<Contender> contenders) {
        this.section = section;
        this.work = work;
        this.contenders = contenders;
    }

    /** Microseconds for one operation. */
    List<Figure> run(int rounds, long nanosEach) throws InterruptedException {
        double[][] micros = new double[contenders.size()][rounds];
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            for (int i = 0; i < contenders.size(); i++) {
                long begun = System.nanoTime();
                long done = contenders.get(i).work().runFor(nanosEach);
                if (round >= 0) {
                    micros[i][round] = (System.nanoTime() - begun) / 1_000.0 / done;
                }
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < contenders.size(); i++) {
            figures.add(Figure.of(section, work, contenders.get(i).name(), "us", micros[i], micros[0]));
        }
        return figures;
    }
}
