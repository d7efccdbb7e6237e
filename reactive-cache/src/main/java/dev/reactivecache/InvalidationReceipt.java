package dev.reactivecache;

import dev.reactivecache.remote.Spread;

/** How far an {@linkplain ReactiveCache#invalidate(Object, Awaiting) invalidation} has got. In each case it is made. */
public sealed interface InvalidationReceipt {

    /**
     * The remote tier has it. How many nodes have applied it is not known: nobody asked, or the remote tier could not
     * tell which nodes there are.
     */
    record Acknowledged() implements InvalidationReceipt {}

    /**
     * No node has an older copy in memory any more.
     *
     * @param nodes how many there are, this one included
     */
    record AppliedEverywhere(int nodes) implements InvalidationReceipt {}

    /**
     * The time was up before all nodes had said that they have applied it. Those that did not may be dead, cut off, or
     * slow; their memory is behind by the staleness bound at most.
     *
     * @param applied how many have said so, this one included
     * @param nodes how many there are
     */
    record AppliedInPart(int applied, int nodes) implements InvalidationReceipt {}

    /** The receipt for what nodes have said within the time there was. */
    static InvalidationReceipt of(Spread spread) {
        return spread.isComplete()
                ? new AppliedEverywhere(spread.nodes())
                : new AppliedInPart(spread.applied(), spread.nodes());
    }
}
