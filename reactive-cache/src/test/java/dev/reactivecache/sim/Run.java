package dev.reactivecache.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One run: nodes, a Redis and a source, and the steps that happen to them. */
final class Run {
    private static final long SECOND = 1_000_000_000;
    private static final long CALM = 25 * SECOND;

    private final long seed;
    private final Terms terms;
    private final World world;
    private final Server server;
    private final Oracle oracle;
    private final Operations operations;
    private final Loads loads;
    private final Faults faults;
    private final SplittableRandom chance;
    private final List<SimNode> nodes = new ArrayList<>();

    private Run(long seed, Terms terms, boolean tracing) {
        this.seed = seed;
        this.terms = terms;
        this.world = new World(tracing);
        ServerLog log = new ServerLog(world);
        this.server = new Server(world, log);
        this.chance = new SplittableRandom(seed);
        Source source = new Source(world);
        this.oracle = new Oracle(world, terms, log, source);
        this.loads = new Loads(seed, world, terms, log, source, oracle);
        this.operations = new Operations(world, terms, log, source, oracle, loads);
        this.faults = new Faults(world, server, log, oracle, nodes);
    }

    /**
     * How a run ended.
     *
     * @param violation what promise was broken first, or null
     * @param reads how many reads ended
     * @param trace what happened, if that was asked for
     * @param counts how many reads ended in which way
     */
    record Outcome(@Nullable String violation, int reads, List<String> trace, SortedMap<String, Integer> counts) {}

    static Outcome of(long seed, Terms terms, List<Step> steps, boolean tracing) {
        return new Run(seed, terms, tracing).go(steps);
    }

    private Outcome go(List<Step> steps) {
        for (int i = 0; i < terms.nodes(); i++) {
            nodes.add(new SimNode(i, seed, world, terms, server));
        }
        expireNowAndThen();
        long end = SECOND;
        for (Step step : steps) {
            world.at(step.at(), () -> {
                world.note("%s", step);
                perform(step);
            });
            end = Math.max(end, step.at() + 2 * step.size());
        }
        runUntil(end + CALM);
        audit();
        readEachSecond();
        int reads =
                oracle.counts().values().stream().mapToInt(Integer::intValue).sum();
        return new Outcome(oracle.violation(), reads, world.trace(), oracle.counts());
    }

    /** A key that is read is loaded anew, once nothing is in the way of that. */
    private void readEachSecond() {
        if (!terms.aging().isOn() || oracle.violation() != null) {
            return;
        }
        loads.calm();
        oracle.calm();
        for (int time = 0; time < 30 && oracle.violation() == null; time++) {
            int cache = time % 2;
            for (SimNode node : nodes) {
                SimProcess process = node.process();
                process.enter(() -> operations.lookAt(process, cache, 0));
            }
            runUntil(world.now() + SECOND / 2);
        }
    }

    private void runUntil(long end) {
        while (oracle.violation() == null && world.now() < end) {
            world.run(Math.min(end, world.now() + SECOND));
        }
    }

    /** What has expired goes late, as in Redis. */
    private void expireNowAndThen() {
        world.after(SECOND / 10 + chance.nextLong(3 * SECOND), () -> {
            server.redis().expireSome();
            expireNowAndThen();
        });
    }

    private void perform(Step step) {
        SimProcess process = nodes.get(step.node()).process();
        if (!step.act().isOperation()) {
            faults.perform(step);
        } else if (!process.isCrashed()) {
            process.enter(() -> operations.perform(step, process));
        }
    }

    /** Long after the last fault every node hears of changes again, and answers with what is true. */
    private void audit() {
        for (int round = 0; round < 2 && oracle.violation() == null; round++) {
            for (SimNode node : nodes) {
                SimProcess process = node.process();
                if (!process.tier().health().streamLive()) {
                    oracle.violated(
                            "G7",
                            process + " hears of no changes, long after the last fault: "
                                    + process.tier().health().problem());
                }
                if (process.pending() > 0) {
                    oracle.violated("G10", process + " still has invalidations to send, long after the last fault");
                }
                oracle.onNothingPending(process);
                process.enter(() -> operations.lookAtAll(process));
            }
            runUntil(world.now() + 15 * SECOND);
        }
    }
}
