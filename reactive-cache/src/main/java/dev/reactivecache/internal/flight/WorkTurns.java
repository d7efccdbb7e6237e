package dev.reactivecache.internal.flight;

import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * Turns of work that waits for other work. Work that has a turn shares it with all that it waits for: were each to wait
 * for a turn of its own, all that hold one could wait for those that get none.
 */
public final class WorkTurns {
    private WorkTurns() {}

    /** Whether the work of this Context is waited for by work that has a turn. */
    public static boolean isShared(ContextView work) {
        WaitGraph waits = of(work);
        return waits != null && waits.isCarried();
    }

    /** The work of this Context has a turn from now on. */
    public static void begin(ContextView work) {
        WaitGraph waits = of(work);
        if (waits != null) {
            waits.carry();
        }
    }

    /** Calls when the work of this Context is waited for by work that has a turn, perhaps now, perhaps twice. */
    public static void whenShared(ContextView work, Runnable then) {
        WaitGraph waits = of(work);
        if (waits != null) {
            waits.whenCarried(then);
        }
    }

    private static @Nullable WaitGraph of(ContextView work) {
        return work.getOrDefault(WaitGraph.class, null);
    }
}
