package dev.reactivecache.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;

/**
 * Time, and the order of all that happens in it: one queue, one thread, no chance. What happens at the same moment
 * happens in the order in which it was planned.
 */
final class World {
    /** The clock of Redis when a run begins; any will do that has the usual number of digits. */
    static final long REDIS_EPOCH_NANOS = 1_700_000_000_000L * 1_000_000;

    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private final List<String> trace = new ArrayList<>();
    private final boolean tracing;
    private long now;
    private long planned;
    private long moments;

    World(boolean tracing) {
        this.tracing = tracing;
    }

    private record Event(long at, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    /** The time, in nanoseconds since the run began. */
    long now() {
        return now;
    }

    /** A number that is higher each time: tells apart what happens at the same time. */
    long moment() {
        return ++moments;
    }

    void at(long when, Runnable action) {
        queue.add(new Event(Math.max(now, when), planned++, action));
    }

    void after(long nanos, Runnable action) {
        at(now + nanos, action);
    }

    /** Lets everything happen until a moment. */
    void run(long until) {
        for (Event next = queue.peek(); next != null && next.at() <= until; next = queue.peek()) {
            queue.remove();
            now = next.at();
            next.action().run();
        }
        now = until;
    }

    /** Notes what happens, if anybody wants to read it. */
    void note(String format, Object... args) {
        if (tracing) {
            trace.add(String.format(Locale.ROOT, "%12.6f  ", now / 1e9) + String.format(Locale.ROOT, format, args));
        }
    }

    List<String> trace() {
        return trace;
    }
}
