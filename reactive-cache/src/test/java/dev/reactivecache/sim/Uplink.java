package dev.reactivecache.sim;

import java.util.SplittableRandom;

/** A node's way to Redis: how slow it is at the moment, and whether new connections come through. */
final class Uplink {
    private final World world;
    private final long usualNanos;
    private long extraNanos;
    private long extraUntil;
    private boolean extraForAll;
    private long refusedUntil;

    /** @param usualNanos the most that a message takes when nothing is wrong */
    Uplink(World world, long usualNanos) {
        this.world = world;
        this.usualNanos = usualNanos;
    }

    /** @param all whether commands are slow as well, or events only */
    void slowDown(long extra, boolean all, long until) {
        extraNanos = extra;
        extraForAll = all;
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
        return world.now() < extraUntil && (events || extraForAll) ? usual + random.nextLong(extraNanos) : usual;
    }
}
