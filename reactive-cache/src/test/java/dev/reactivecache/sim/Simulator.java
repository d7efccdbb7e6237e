package dev.reactivecache.sim;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.slf4j.LoggerFactory;

/** Runs seeds from the command line: see CONTRIBUTING.md. */
public final class Simulator {
    /** Within so many seeds the absence of a guard must show. */
    static final long MUTANT_SEEDS = 2_000;

    private Simulator() {}

    /**
     * Reads the system properties {@code sim.seeds}, {@code sim.seed} and {@code sim.mutants}: all, or names of guards.
     */
    public static void main(String[] args) {
        quiet(true);
        if (System.getProperty("sim.mutants") != null) {
            System.exit(mutants(System.getProperty("sim.mutants")) ? 0 : 1);
        }
        Long single = Long.getLong("sim.seed");
        long seeds = single != null ? 1 : Long.getLong("sim.seeds", 1_000);
        long first = single != null ? single : 1;
        System.exit(run(first, seeds) ? 0 : 1);
    }

    /** Whether the log is off: the library logs each trouble that it meets, and in a run it meets little else. */
    static void quiet(boolean quiet) {
        if (LoggerFactory.getLogger("dev.reactivecache") instanceof Logger log) {
            log.setLevel(quiet ? Level.OFF : null);
        }
    }

    private static boolean mutants(String names) {
        List<Guard> guards = Arrays.stream(Guard.values())
                .filter(guard ->
                        names.equals("true") || List.of(names.split(",")).contains(guard.name()))
                .toList();
        long caught = guards.parallelStream().filter(Simulator::isCaught).count();
        System.out.println("guards=" + guards.size() + " caught=" + caught);
        return caught == guards.size();
    }

    private static boolean isCaught(Guard guard) {
        long start = System.nanoTime();
        Mutants.Catch found = Mutants.find(guard, MUTANT_SEEDS);
        long seconds = (System.nanoTime() - start) / 1_000_000_000;
        System.out.println(guard
                + (found == null
                        ? ": not missed in " + MUTANT_SEEDS + " seeds"
                        : ": seed " + found.seed() + ", " + found.violation())
                + " (" + seconds + " s)");
        return found != null;
    }

    private static boolean run(long first, long seeds) {
        AtomicLong reads = new AtomicLong();
        AtomicLong violations = new AtomicLong();
        SortedMap<String, Long> counts = new TreeMap<>();
        LongStream.range(first, first + seeds).parallel().forEach(seed -> {
            Simulation simulation = Simulation.of(seed);
            Run.Outcome outcome = simulation.run();
            reads.addAndGet(outcome.reads());
            synchronized (counts) {
                outcome.counts().forEach((what, times) -> counts.merge(what, (long) times, Long::sum));
                if (outcome.violation() != null && violations.incrementAndGet() <= 3) {
                    tell(seed, simulation);
                }
            }
        });
        System.out.println(counts);
        System.out.println("seeds=" + seeds + " reads=" + reads + " violations=" + violations);
        return violations.get() == 0;
    }

    private static void tell(long seed, Simulation simulation) {
        List<String> trace = simulation.shrunk().trace();
        System.out.println(
                "A promise was broken. Run it again with -Dsim.seed=" + seed + ". The shortest trace found:");
        trace.forEach(System.out::println);
    }
}
