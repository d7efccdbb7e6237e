package dev.reactivecache.internal.flight;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which flights the work of one flight waits for. A wait that would close a circle is refused: nobody in it could ever
 * end. Two waits that close a circle at the same moment may both be refused.
 */
final class WaitGraph {
    private final BooleanSupplier over;

    /**
     * How often each flight is waited for: the work may read one key several times, and give up some of these reads.
     */
    private volatile @Nullable ConcurrentHashMap<WaitGraph, Integer> awaited; // most work waits for no flight

    private volatile boolean carried;
    private volatile @Nullable Runnable onCarried;

    /** @param over whether the flight has ended, and waits for nobody any more */
    WaitGraph(BooleanSupplier over) {
        this.over = over;
    }

    /** Notes that this flight's work waits for another flight; false, and nothing noted, if that closes a circle. */
    boolean await(WaitGraph other) {
        // before looking, so that of two who close a circle together at least one sees it
        awaited().merge(other, 1, Integer::sum);
        if (other.reaches(this)) {
            stopAwaiting(other);
            return false;
        }
        if (carried) { // looked at after this wait was noted, so that carry() sees it otherwise
            other.carry();
        }
        return true;
    }

    /**
     * This work has a turn, or is waited for by work that has one. So does all that it waits for, now or later: else
     * that might wait for the very turn that is held until it ends.
     */
    void carry() {
        ArrayDeque<WaitGraph> open = new ArrayDeque<>();
        open.add(this);
        for (WaitGraph next = open.poll(); next != null; next = open.poll()) {
            if (!next.carried) {
                next.carried = true;
                Runnable waiting = next.onCarried;
                if (waiting != null) {
                    waiting.run();
                }
                ConcurrentHashMap<WaitGraph, Integer> waits = next.awaited;
                if (waits != null) {
                    open.addAll(waits.keySet());
                }
            }
        }
    }

    boolean isCarried() {
        return carried;
    }

    /** Runs something as soon as this is carried, perhaps now. It may run twice. */
    void whenCarried(Runnable then) {
        onCarried = then;
        if (carried) {
            then.run();
        }
    }

    void stopAwaiting(WaitGraph other) {
        awaited().computeIfPresent(other, (same, times) -> times == 1 ? null : times - 1);
    }

    private ConcurrentHashMap<WaitGraph, Integer> awaited() {
        ConcurrentHashMap<WaitGraph, Integer> known = awaited;
        return known != null ? known : createAwaited();
    }

    private synchronized ConcurrentHashMap<WaitGraph, Integer> createAwaited() {
        ConcurrentHashMap<WaitGraph, Integer> known = awaited;
        if (known == null) {
            known = new ConcurrentHashMap<>(1);
            awaited = known;
        }
        return known;
    }

    private boolean reaches(WaitGraph target) {
        Set<WaitGraph> seen = new HashSet<>();
        ArrayDeque<WaitGraph> open = new ArrayDeque<>();
        open.add(this);
        for (WaitGraph next = open.poll(); next != null; next = open.poll()) {
            if (next == target) {
                return true;
            }
            if (!next.over.getAsBoolean() && seen.add(next)) {
                ConcurrentHashMap<WaitGraph, Integer> waits = next.awaited;
                if (waits != null) {
                    open.addAll(waits.keySet());
                }
            }
        }
        return false;
    }
}
