package dev.reactivecache.sim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A change through the cache, by one node: of a key, of all that has a tag, or of the whole cache. */
final class Change {
    final String name;
    final SimProcess process;
    final long start;

    private final boolean wide;

    /** Concerned is only what has this tag; everything if null. */
    final @Nullable String tag;

    /** Of each key that may be concerned: no answer that must see this change may be of an older version. */
    private final Map<Slot, Integer> floors = new LinkedHashMap<>();

    /** When the source had it, for a write; else never. */
    long committed = Maker.NEVER;

    /** The moment from which on its own node must know of it: it is done, or is kept to be sent again. */
    long heldHere = Maker.NEVER;

    /** When the caller was told that it is done in Redis. */
    long acknowledged = Maker.NEVER;

    /** Whether Redis forgot it in a failover: it does not bind until its node has had time to repeat it. */
    boolean lost;

    Change(String name, SimProcess process, long start, boolean wide, @Nullable String tag, Map<Slot, Integer> floors) {
        this.name = name;
        this.process = process;
        this.start = start;
        this.wide = wide;
        this.tag = tag;
        this.floors.putAll(floors);
    }

    /** The keys that may be concerned. */
    Set<Slot> slots() {
        return floors.keySet();
    }

    /** Of a change of one key, that key; of others, one of them. */
    Slot slot() {
        return floors.keySet().iterator().next();
    }

    int floor(Slot slot) {
        return floors.get(slot);
    }

    void floor(Slot slot, int version) {
        floors.put(slot, version);
    }

    /** Whether it is of more than one key. */
    boolean isWide() {
        return wide;
    }

    boolean concerns(Maker maker) {
        return tag == null || maker.tags.contains(tag);
    }
}
