package dev.reactivecache.sim;

import dev.reactivecache.Cached.Freshness;
import dev.reactivecache.Cached.Origin;
import org.jspecify.annotations.Nullable;

/** One read that has ended. */
final class Read {
    final String name;
    final SimProcess process;
    final Slot slot;
    final boolean loads;
    final long start;

    /** Its start, among all that happens at the same time. */
    final long moment;

    final long pausedBefore;

    /** When the last gap, or the end of one, came before it. */
    final long gapBefore;

    boolean over;

    /** As what its answer was given, if that was told. */
    @Nullable
    Freshness freshness;

    /** Where its answer is from, if that was told. */
    @Nullable
    Origin origin;

    @Nullable
    String value;

    Read(String name, SimProcess process, Slot slot, boolean loads, long start, long moment) {
        this.name = name;
        this.process = process;
        this.slot = slot;
        this.loads = loads;
        this.start = start;
        this.moment = moment;
        this.pausedBefore = process.pausedNanos();
        this.gapBefore = process.lastGap(slot);
    }

    /** Whether its answer was said to be past its time to live. */
    boolean isStale() {
        return freshness != null && freshness != Freshness.FRESH;
    }
}
