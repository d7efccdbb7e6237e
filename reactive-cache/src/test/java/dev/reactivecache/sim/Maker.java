package dev.reactivecache.sim;

import java.util.List;

/** Where a value comes from: a load, a write, or a put. Its name is part of the value. */
final class Maker {
    static final long NEVER = Long.MAX_VALUE;

    /** What it is. */
    enum Kind {
        LOAD,
        WRITE,
        PUT
    }

    /** A key on a node. */
    record Place(SimProcess process, Slot slot) {}

    final Kind kind;
    final String name;
    final SimProcess process;
    final Slot slot;
    final long begun;

    /** The tags that its value has. */
    List<String> tags = List.of();

    /** Of a load, when it read the source; of a write, when it was committed. */
    long decided = NEVER;

    /** Of a load or a put: when it ended in any way, or at the latest could. */
    long ended = NEVER;

    /** Of a load: whether it was begun to replace what could still be answered. */
    boolean nobodyWaits;

    /** Of a load: how it has ended, unless it was given up. */
    boolean failed;

    boolean succeeded;

    /** Of a load that succeeded: whether the source had no value. */
    boolean broughtNothing;

    /** Which version of the source it stands for. */
    int version;

    /** When Redis last stored its value, and until when that is fresh, and may be served. */
    long stored = NEVER;

    long freshUntil = NEVER;
    long revalidateUntil = NEVER;
    long errorUntil = NEVER;
    long servedUntil = NEVER;

    Maker(Kind kind, String name, SimProcess process, Slot slot, long begun) {
        this.kind = kind;
        this.name = name;
        this.process = process;
        this.slot = slot;
        this.begun = begun;
    }

    /** The moment that its value cannot be older than. */
    long birth() {
        return switch (kind) {
            case LOAD -> begun;
            case WRITE -> decided;
            case PUT -> stored == NEVER ? begun : Math.min(stored, ended);
        };
    }

    /** When Redis can first have had its value. */
    long inRedis() {
        return kind == Kind.LOAD ? begun : stored;
    }

    String value() {
        return version + "@" + name;
    }
}
