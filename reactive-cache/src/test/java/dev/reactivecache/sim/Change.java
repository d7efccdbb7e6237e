package dev.reactivecache.sim;

/** A change of a key through the cache, by one node. */
final class Change {
    final String name;
    final NodeProcess process;
    final Slot slot;
    final long start;

    /** No answer that must see this change may be of an older version. */
    int floor;

    /** When the source had it, for a write; else never. */
    long committed = Maker.NEVER;

    /** The moment from which on its own node must know of it: it is done, or is kept to be sent again. */
    long heldHere = Maker.NEVER;

    /** When the caller was told that it is done in Redis. */
    long acknowledged = Maker.NEVER;

    /** Whether Redis forgot it in a failover: it does not bind until its node has had time to repeat it. */
    boolean lost;

    Change(String name, NodeProcess process, Slot slot, long start, int floor) {
        this.name = name;
        this.process = process;
        this.slot = slot;
        this.start = start;
        this.floor = floor;
    }
}
