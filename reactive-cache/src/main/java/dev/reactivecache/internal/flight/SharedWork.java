package dev.reactivecache.internal.flight;

import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Work that several flights wait for together. What waits for one of these flights, from within this work, waits for
 * itself, and is refused as it is on a single flight.
 */
public final class SharedWork {
    private final WaitGraph waits = new WaitGraph(this::isOver);
    private volatile boolean over;

    /** Notes that the flight in whose Context this is called waits for this work, which has not begun. */
    public void awaitedBy(ContextView flight) {
        WaitGraph waiting = flight.getOrDefault(WaitGraph.class, null);
        if (waiting != null) {
            waiting.await(waits); // closes no circle: this waits for nobody yet
        }
    }

    /** A flight's Context, for work that is not that flight's alone. */
    public Context within(ContextView flight) {
        return Context.of(flight).put(WaitGraph.class, waits);
    }

    /** Nobody waits for this any more. */
    public void end() {
        over = true;
    }

    private boolean isOver() {
        return over;
    }
}
