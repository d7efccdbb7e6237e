package dev.reactivecache.internal.time;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of work on one thread in which much of one kind happens, such as the delivery of many replies. What need
 * not follow each piece of it, but may follow all, is done once at its end.
 */
public final class ThreadBatch {
    private static final ThreadLocal<@Nullable Set<Runnable>> OPEN = new ThreadLocal<>();

    private ThreadBatch() {}

    /**
     * Does the work, and then once what was put off meanwhile. Within another such stretch, that one's end is meant.
     */
    public static void run(Runnable work) {
        if (OPEN.get() != null) {
            work.run();
            return;
        }
        Set<Runnable> putOff = new LinkedHashSet<>();
        OPEN.set(putOff);
        try {
            work.run();
        } finally {
            OPEN.remove();
            putOff.forEach(Runnable::run);
        }
    }

    /** Runs something at the end of this thread's stretch, however often it is asked for; at once if there is none. */
    public static void atEnd(Runnable work) {
        Set<Runnable> putOff = OPEN.get();
        if (putOff == null) {
            work.run();
        } else {
            putOff.add(work);
        }
    }
}
