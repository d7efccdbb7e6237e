package dev.reactivecache.benchmarks.memory;

import java.util.function.IntConsumer;
import org.openjdk.jol.info.GraphStats;

/**
 * Sizes of all that can be reached from an object, by JOL. What one of many takes is the graph with all of them, less
 * the graph of the same object without, by their number: so what both have, as threads and settings, does not count.
 */
final class HeapGraph {
    static {
        // a lambda has fields whose places Unsafe does not tell
        System.setProperty("jol.magicFieldOffset", "true");
    }

    private HeapGraph() {}

    /** Bytes that one of them takes, given how to add the i-th. */
    static double each(Object root, int count, IntConsumer add) {
        long without = GraphStats.parseInstance(root).totalSize();
        for (int i = 0; i < count; i++) {
            add.accept(i);
        }
        return (double) (GraphStats.parseInstance(root).totalSize() - without) / count;
    }
}
