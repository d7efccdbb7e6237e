package dev.reactivecache.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What one seed stands for: the terms of a run and its steps. The same seed is the same run, to the letter. */
final class Simulation {
    private final long seed;
    private final Terms terms;
    private final List<Step> steps;

    private Simulation(long seed, Terms terms, List<Step> steps) {
        this.seed = seed;
        this.terms = terms;
        this.steps = steps;
    }

    static Simulation of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Terms terms = Terms.draw(random, Aging.draw(new SplittableRandom(~seed)));
        return new Simulation(seed, terms, Planner.draw(terms, random));
    }

    Run.Outcome run() {
        return Run.of(seed, terms, steps, false);
    }

    /** How many steps there are. */
    int size() {
        return steps.size();
    }

    /** What happens, line by line. */
    List<String> trace() {
        List<String> lines = new ArrayList<>();
        lines.add("seed " + seed + ", " + steps.size() + " steps, " + terms);
        lines.addAll(Run.of(seed, terms, steps, true).trace());
        return lines;
    }

    /** A run that breaks a promise with as few steps as can be found by leaving out more and more. */
    Simulation shrunk() {
        Simulation smallest = this;
        for (int part = Math.max(1, steps.size() / 2); part >= 1; part /= 2) {
            boolean shrank = true;
            while (shrank) {
                shrank = false;
                for (int from = 0; from < smallest.steps.size(); from += part) {
                    Simulation smaller = smallest.without(from, part);
                    if (smaller.run().violation() != null) {
                        smallest = smaller;
                        shrank = true;
                        from -= part;
                    }
                }
                shrank &= part == 1;
            }
        }
        return smallest;
    }

    private Simulation without(int from, int count) {
        List<Step> fewer = new ArrayList<>(steps);
        fewer.subList(from, Math.min(from + count, fewer.size())).clear();
        return new Simulation(seed, terms, fewer);
    }
}
