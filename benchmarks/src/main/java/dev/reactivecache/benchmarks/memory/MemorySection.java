package dev.reactivecache.benchmarks.memory;

import dev.reactivecache.benchmarks.Effort;
import dev.reactivecache.benchmarks.Figure;
import dev.reactivecache.benchmarks.Section;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes that an entry and a load under way take on the heap, and bytes that an entry takes in Redis beyond its payload.
 * They are counted, so that rounds hardly differ.
 */
public final class MemorySection implements Section {
    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String title() {
        return "Memory of an entry and of a load under way";
    }

    @Override
    public List<Figure> measure(Effort effort) throws IOException {
        int rounds = effort.quick() ? 1 : 3;
        List<Figure> figures = new ArrayList<>();
        figures.addAll(compare(
                "on the heap, an entry with its Integer key, without its value",
                rounds,
                HeapEntries.contenders(effort.quick() ? 10_000 : 20_000)));
        figures.addAll(compare(
                "on the heap, a load under way with its Integer key and one subscriber",
                rounds,
                HeapLoads.contenders(effort.quick() ? 2_000 : 5_000)));
        for (int size : new int[] {100, 1_024}) {
            int entries = effort.quick() ? 1_000 : 5_000;
            figures.addAll(compare(
                    "in Redis, MEMORY USAGE of all keys for one entry, less its " + size + " B",
                    rounds,
                    RedisEntries.contenders(entries, size)));
        }
        return figures;
    }

    /** Bytes of one contender in one round. */
    interface Counted {
        /** Counts anew. */
        double bytes() throws IOException;
    }

    /**
     * Who is counted.
     *
     * @param name for the tables
     * @param counted in each round
     */
    record Holder(String name, Counted counted) {}

    private List<Figure> compare(String work, int rounds, List<Holder> holders) throws IOException {
        double[][] bytes = new double[holders.size()][rounds];
        for (int round = -1; round < rounds; round++) { // the first is to load classes, and to have shared tables grow
            for (int i = 0; i < holders.size(); i++) {
                double counted = holders.get(i).counted().bytes();
                if (round >= 0) {
                    bytes[i][round] = counted;
                }
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < holders.size(); i++) {
            figures.add(Figure.of(name(), work, holders.get(i).name(), "B", bytes[i], bytes[0]));
        }
        return figures;
    }
}
