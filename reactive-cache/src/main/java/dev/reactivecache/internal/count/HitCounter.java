package dev.reactivecache.internal.count;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what threads do again and again, for less than the atomic addition of a {@link LongAdder}, which was the
 * dearest instruction of a hit: a thread that has a cell of its own adds to it by a plain store, since nobody else
 * writes there. A thread takes the cell that its id falls on for good; one whose cell is another's counts in a
 * {@code LongAdder}. So nothing is lost, however many threads there are.
 */
public final class HitCounter {
    /**
     * In longs: a cell with its owner, and so much room around them that no two cells share a line of a processor's
     * cache.
     */
    private static final int STRIDE = 16;

    private static final int OWNER = 0;
    private static final int COUNT = 1;
    private static final long NOBODY = 0; // ids of threads are above zero
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells;
    private final int mask;
    private final LongAdder others = new LongAdder();

    /** Makes room for this many threads, and some more: the next power of two. */
    HitCounter(int threads) {
        int size = Integer.highestOneBit(Math.max(1, 2 * threads - 1));
        this.cells = new long[size * STRIDE];
        this.mask = size - 1;
    }

    /** With room for the event loops of Reactor and of Lettuce, of which each has as many as there are processors. */
    static HitCounter forThisMachine() {
        return new HitCounter(4 * Runtime.getRuntime().availableProcessors());
    }

    public void increment() {
        long self = Thread.currentThread().getId();
        int cell = ((int) self & mask) * STRIDE;
        long owner = cells[cell + OWNER];
        if (owner == self || (owner == NOBODY && CELLS.compareAndSet(cells, cell + OWNER, NOBODY, self))) {
            CELLS.setOpaque(cells, cell + COUNT, cells[cell + COUNT] + 1);
        } else {
            others.increment();
        }
    }

    /** How many there have been: all from before this call, and perhaps some of those during it. */
    public long sum() {
        long sum = others.sum();
        for (int cell = 0; cell < cells.length; cell += STRIDE) {
            sum += (long) CELLS.getOpaque(cells, cell + COUNT);
        }
        return sum;
    }
}
