package dev.reactivecache.sim;

import java.util.SplittableRandom;

/** A node's way to Redis: how slow it is at the moment, and whether new connections come through. */
final class Uplink {
    private final World world;
    private final long usualNanos;
    private long extraNanos;
    private long extraUntil;
    private Slow slow = Slow.NOTHING;
    private long refusedUntil;

    /** @param usualNanos the most that a message takes when nothing is wrong */
    Uplink(World world, long usualNanos) {
        this.world = world;
        this.usualNanos = usualNanos;
    }

    /** What takes longer. */
    enum Slow {
        NOTHING,
        COMMANDS,
        EVENTS,
        ALL
    }

    void slowDown(long extra, Slow what, long until) {
        extraNanos = extra;
        slow = what;
        extraUntil = until;
    }

    void refuse(long until) {
        refusedUntil = until;
    }

    boolean refuses() {
        return world.now() < refusedUntil;
    }

    long delay(boolean events, SplittableRandom random) {
        long usual = usualNanos / 20 + random.nextLong(usualNanos);
        boolean concerned = slow == Slow.ALL || slow == (events ? Slow.EVENTS : Slow.COMMANDS);
        return world.now() < extraUntil && concerned ? usual + random.nextLong(extraNanos) : usual;
    }
}
