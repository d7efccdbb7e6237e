package dev.reactivecache.sim;

import dev.reactivecache.remote.Windows;
import dev.reactivecache.sim.Step.Act;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws what is done in a run: episodes about one key each, in which a few readers and writers on several nodes come
 * within the time that a load, a message or the staleness bound takes, with faults among them.
 */
final class Planner {
    private static final long MILLIS = 1_000_000;
    private static final long SECOND = 1_000 * MILLIS;
    private static final List<Act> READS =
            List.of(Act.LOOKUP, Act.LOOKUP, Act.LOOKUP, Act.LOOKUP, Act.FETCH, Act.FETCH, Act.GET);
    private static final List<Act> CHANGES = List.of(
            Act.INVALIDATE, Act.INVALIDATE, Act.INVALIDATE, Act.WRITE, Act.WRITE, Act.WRITE, Act.DELETE, Act.TOUCH);
    private static final List<Act> FAULTS = List.of(
            Act.LAG,
            Act.LAG,
            Act.LAG,
            Act.CUT_COMMANDS,
            Act.CUT_EVENTS,
            Act.CUT_EVENTS,
            Act.SILENCE_EVENTS,
            Act.SILENCE_EVENTS,
            Act.SILENCE_COMMANDS,
            Act.PARTITION,
            Act.PAUSE,
            Act.CRASH,
            Act.EVICT,
            Act.STRANGER_DELETES,
            Act.STRANGER_SETS,
            Act.FLUSH,
            Act.RESTART);

    private static final List<Act> LOSSES = List.of(Act.CUT_EVENTS, Act.CUT_EVENTS, Act.SILENCE_EVENTS, Act.LAG);

    private final Terms terms;
    private final SplittableRandom random;
    private final List<Step> steps = new ArrayList<>();

    private Planner(Terms terms, SplittableRandom random) {
        this.terms = terms;
        this.random = random;
    }

    static List<Step> draw(Terms terms, SplittableRandom random) {
        return new Planner(terms, random).draw();
    }

    private List<Step> draw() {
        int episodes = 4 + random.nextInt(8);
        for (int i = 0; i < episodes; i++) {
            episode(SECOND + i * 2 * SECOND + random.nextLong(SECOND));
        }
        if (terms.aging().isOn()) {
            for (int i = 3 + random.nextInt(5); i > 0; i--) {
                agingEpisode(SECOND + random.nextLong(2L * episodes * SECOND));
            }
            lateLoad(SECOND + random.nextLong(2L * episodes * SECOND));
        }
        if (terms.mutes()) {
            long off = 2 * SECOND + random.nextLong(10 * SECOND);
            boolean unheard = random.nextInt(3) == 0;
            long span = unheard ? SECOND + random.nextLong(3 * SECOND) : random.nextLong(25 * SECOND);
            if (unheard) {
                unheard(off, span);
            } else if (random.nextBoolean()) {
                span = 30 * SECOND;
            }
            add(off, Act.MUTE, 0, 0, span);
            for (int i = 0; i < 3; i++) {
                episode(off + 8 * SECOND + random.nextLong(25 * SECOND));
            }
        }
        steps.sort(Comparator.comparingLong(Step::at));
        return List.copyOf(steps);
    }

    private void episode(long start) {
        int cache = random.nextInt(5) == 0 ? Terms.PUTS : random.nextInt(2);
        int key = random.nextInt(terms.keys());
        long span = random.nextBoolean()
                ? terms.stalenessBound().toNanos() + SECOND
                : 20 * MILLIS + random.nextLong(SECOND);
        int reads = 4 + random.nextInt(16);
        for (int i = 0; i < reads; i++) {
            boolean cancelled = random.nextInt(8) == 0;
            add(start + random.nextLong(span), pick(READS), cache, key, cancelled ? random.nextLong(SECOND) : 0);
        }
        int changes = random.nextInt(5);
        for (int i = 0; i < changes; i++) {
            Act act = cache == Terms.PUTS ? (random.nextInt(3) == 0 ? Act.TOUCH : Act.PUT) : pick(CHANGES);
            long took = random.nextLong(random.nextInt(3) == 0 ? 4 * SECOND : 300 * MILLIS);
            Step change = add(start + random.nextLong(span), act, cache, key, took);
            if (random.nextBoolean()) { // the same node reads while Redis is told
                long during = random.nextLong(2 * terms.usualDelayNanos());
                steps.add(new Step(change.at() + during, Act.LOOKUP, change.node(), cache, key, 0, random.nextLong()));
            }
        }
        if (random.nextInt(3) == 0) {
            Act act = random.nextInt(3) == 0 ? Act.CLEAR : Act.INVALIDATE_TAG;
            wide(act, start + random.nextLong(span), cache, key);
        }
        if (cache == Terms.PUTS && random.nextInt(3) == 0) {
            latePut(start + random.nextLong(span), key);
        }
        if (!terms.mutes() && random.nextInt(10) == 0) {
            lostClear(start + random.nextLong(span), key);
        }
        if (!terms.mutes() || random.nextInt(8) == 0) { // else a reconnection would notice that nothing is told
            faults(start, span, cache, key);
        }
    }

    /** A value is read until long after its time to live has ended, most of all when one of its ends is near. */
    private void agingEpisode(long start) {
        int cache = random.nextInt(5) == 0 ? Terms.PUTS : random.nextInt(2);
        int key = random.nextInt(terms.keys());
        long ttl = terms.ttl().toNanos();
        Windows windows = terms.aging().windows();
        List<Long> ends = List.of(
                ttl, ttl + windows.revalidate().toNanos(), ttl + windows.error().toNanos());
        add(start, Act.FETCH, cache, key, 0);
        for (int i = 8 + random.nextInt(12); i > 0; i--) {
            long end = ends.get(random.nextInt(ends.size()));
            long at = random.nextBoolean()
                    ? end - 100 * MILLIS + random.nextLong(600 * MILLIS)
                    : random.nextLong(end + SECOND);
            add(start + Math.max(0, at), random.nextInt(4) == 0 ? pick(READS) : Act.LOOKUP, cache, key, 0);
        }
        if (cache != Terms.PUTS && random.nextInt(4) == 0) {
            add(start + ttl / 2, Act.LOSE, cache, key, 0);
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            long at = start + ttl + random.nextLong(windows.longest().toNanos() + SECOND);
            Act act = cache == Terms.PUTS ? Act.PUT : random.nextInt(5) == 0 ? Act.INVALIDATE_TAG : pick(CHANGES);
            Step change = add(at, act, cache, key, random.nextLong(300 * MILLIS));
            for (int j = 0; j < 4; j++) { // while it is under way, and right after it
                long near = change.at() - 100 * MILLIS + random.nextLong(500 * MILLIS);
                int node = random.nextBoolean() ? change.node() : random.nextInt(terms.nodes());
                steps.add(new Step(near, Act.LOOKUP, node, cache, key, 0, random.nextLong()));
            }
        }
        if (random.nextInt(4) == 0 && !terms.mutes()) {
            faults(start + ttl, windows.longest().toNanos() + SECOND, cache, key);
        }
    }

    /** A value is loaded anew at the very last moment, and others ask for it when it may not be answered any more. */
    private void lateLoad(long start) {
        int cache = random.nextInt(2);
        int key = random.nextInt(terms.keys());
        long end = start
                + terms.ttl().toNanos()
                + terms.aging().windows().revalidate().toNanos();
        add(start, Act.FETCH, cache, key, 0);
        for (int i = 0; i < 2; i++) {
            add(end - random.nextLong(200 * MILLIS), Act.LOOKUP, cache, key, 0);
        }
        for (int i = 0; i < 3; i++) {
            add(end + random.nextLong(SECOND), Act.LOOKUP, cache, key, 0);
        }
    }

    /** Many keys are invalidated, while their values are fetched here and there. */
    private void wide(Act act, long start, int cache, int key) {
        for (int i = 0; i < 6; i++) {
            add(start - 200 * MILLIS + random.nextLong(400 * MILLIS), Act.FETCH, cache, key, 0);
        }
        if (random.nextBoolean()) {
            add(start - 50 * MILLIS, Act.LAG, cache, key, random.nextLong(400 * MILLIS));
        }
        for (int i = random.nextInt(2); i >= 0; i--) {
            add(start + random.nextLong(100 * MILLIS), act, cache, key, 0);
        }
        for (int i = 0; i < 4; i++) {
            Act read = random.nextBoolean() ? Act.LOOKUP : Act.GET;
            add(start + random.nextLong(2 * SECOND), read, cache, key, 0);
        }
    }

    /** A key goes unheard, and is changed once changes are told again: somebody may still have a copy. */
    private void unheard(long off, long span) {
        int cache = random.nextInt(2);
        int key = random.nextInt(terms.keys());
        for (int i = 0; i < 6; i++) {
            add(off - random.nextLong(SECOND), Act.FETCH, cache, key, 0);
        }
        add(off + random.nextLong(span + 1), Act.STRANGER_DELETES, cache, key, 0);
        add(off + span + random.nextLong(SECOND), Act.INVALIDATE, cache, key, 0);
        for (int i = 0; i < 6; i++) {
            add(off + span + random.nextLong(4 * SECOND), Act.LOOKUP, cache, key, 0);
        }
    }

    /** A put is on its way for longer than its node waits for it, and others change its key meanwhile. */
    private void latePut(long start, int key) {
        long waits = terms.writeTimeout().toNanos();
        Step put = add(start, Act.PUT, Terms.PUTS, key, 0);
        steps.add(new Step(start - 1, Act.LAG, put.node(), Terms.PUTS, key, 6 * SECOND, 5 * random.nextInt(1_000)));
        for (int i = 0; i < 3; i++) {
            add(start + random.nextLong(3 * waits), Act.PUT, Terms.PUTS, key, 0);
            add(start + waits + random.nextLong(4 * waits), Act.LOOKUP, Terms.PUTS, key, 0);
        }
    }

    /** A node that has cleared a cache dies, a failover loses the clear, and another one comes after it. */
    private void lostClear(long start, int key) {
        long loss = 4 * (100 * MILLIS + random.nextLong(150 * MILLIS)) + 2; // see RESTART
        int node = random.nextInt(terms.nodes());
        add(start, Act.RESTART, Terms.PUTS, key, loss);
        steps.add(new Step(start + random.nextLong(loss / 3), Act.CLEAR, node, Terms.PUTS, key, 0, random.nextLong()));
        steps.add(new Step(start + loss / 2, Act.CRASH, node, Terms.PUTS, key, 10 * SECOND, random.nextLong()));
        for (int i = 0; i < 8; i++) {
            add(start + loss - random.nextLong(3 * terms.usualDelayNanos()), Act.PUT, Terms.PUTS, key, 0);
        }
        add(start + loss + random.nextLong(2 * SECOND), Act.CLEAR, Terms.PUTS, key, 0);
        for (int i = 0; i < 6; i++) {
            add(start + loss + random.nextLong(4 * SECOND), Act.LOOKUP, Terms.PUTS, key, 0);
        }
    }

    private void faults(long start, long span, int cache, int key) {
        if (random.nextInt(3) == 0) {
            gap(start + random.nextLong(span), cache, key);
        }
        int faults = Math.max(0, random.nextInt(5) - 1);
        for (int i = 0; i < faults; i++) {
            long size = random.nextLong(random.nextInt(3) == 0 ? 6 * SECOND : SECOND);
            add(start - 100 * MILLIS + random.nextLong(span), pick(FAULTS), cache, key, size);
        }
    }

    /** A node is reading while its subscription is away, or slow, and others change what it reads. */
    private void gap(long start, int cache, int key) {
        int node = random.nextInt(terms.nodes());
        int other = (node + 1) % terms.nodes();
        Act loss = pick(LOSSES);
        long size = loss == Act.LAG ? 6 * SECOND : random.nextLong(SECOND);
        steps.add(new Step(start, loss, node, cache, key, size, random.nextLong()));
        Act change = cache == Terms.PUTS ? Act.PUT : Act.INVALIDATE;
        long changed = start - 50 * MILLIS + random.nextLong(random.nextBoolean() ? SECOND : 200 * MILLIS);
        steps.add(new Step(changed, change, other, cache, key, random.nextLong(SECOND), random.nextLong()));
        for (int i = 0; i < 6; i++) {
            long read = start - 500 * MILLIS + random.nextLong(3 * SECOND);
            steps.add(new Step(read, Act.LOOKUP, node, cache, key, 0, random.nextLong()));
        }
    }

    private Act pick(List<Act> acts) {
        return acts.get(random.nextInt(acts.size()));
    }

    private Step add(long at, Act act, int cache, int key, long size) {
        Step step = new Step(at, act, random.nextInt(terms.nodes()), cache, key, size, random.nextLong());
        steps.add(step);
        return step;
    }
}
