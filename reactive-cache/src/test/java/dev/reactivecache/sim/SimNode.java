package dev.reactivecache.sim;

import java.util.SplittableRandom;

/** One node, through all of its lives. */
final class SimNode {
    private final int number;
    private final World world;
    private final Terms terms;
    private final Server server;
    private final Uplink uplink;
    private final SplittableRandom random;
    private SimProcess process;
    private int lives;

    SimNode(int number, long seed, World world, Terms terms, Server server) {
        this.number = number;
        this.world = world;
        this.terms = terms;
        this.server = server;
        this.uplink = new Uplink(world, terms.usualDelayNanos());
        this.random = new SplittableRandom(seed * 31 + number);
        this.process = begin();
    }

    private SimProcess begin() {
        String name = "n" + number + "'".repeat(lives++);
        return new SimProcess(world, name, terms, uplink, server, random.split());
    }

    /** Its present life, or the last. */
    SimProcess process() {
        return process;
    }

    Uplink uplink() {
        return uplink;
    }

    /** Dies, and lives again after a while. */
    void crash(long restartNanos) {
        if (process.isCrashed()) {
            return;
        }
        process.crash();
        world.after(restartNanos, () -> {
            process = begin();
            world.note("%s starts", process);
        });
    }
}
