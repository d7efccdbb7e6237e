package dev.reactivecache.chaos;

import dev.reactivecache.chaos.Act.Kind;
import dev.reactivecache.chaos.Fault.Effect;
import dev.reactivecache.chaos.Fault.Episode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** One run on one topology: nodes work while faults happen; then all come to rest, and what they did is judged. */
final class ChaosRun {
    private static final Duration REST_LIMIT = Duration.ofSeconds(60);
    private static final int SHOWN = 20;

    private final ChaosSettings settings;
    private final String topology;
    private final PrintStream out;
    private final List<String> hung = new ArrayList<>();
    private final Map<Integer, String> lost = new TreeMap<>();

    ChaosRun(ChaosSettings settings, String topology, PrintStream out) {
        this.settings = settings;
        this.topology = topology;
        this.out = out;
    }

    Verdict run() throws InterruptedException {
        Path folder = folder();
        out.println(topology + ": seed " + settings.seed() + ", " + settings.nodes() + " nodes for "
                + settings.time().toSeconds() + " seconds; what they write is in " + folder);
        try (Place place = Place.of(topology, settings.nodes());
                Fleet fleet = new Fleet(settings, place, folder)) {
            List<Fault> faults = new ArrayList<>(place.faults());
            faults.addAll(fleet.faults());
            Injector injector = new Injector(faults, settings.seed());
            injector.run(System.nanoTime() + settings.time().toNanos());
            injector.failures().forEach(failure -> out.println("fault without its course: " + failure));
            place.heal();
            rest(fleet, injector.episodes());
            List<Act> history = fleet.history();
            ChaosOracle oracle =
                    new ChaosOracle(history, new Claims(ChaosSettings.BOUND, injector.episodes(), history));
            lookForLost(fleet, oracle);
            tell(injector, history, fleet);
            return verdict(injector, history, oracle);
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("reactive-cache-chaos-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets the nodes finish what they began, and find their Redis again. */
    private void rest(Fleet fleet, List<Episode> episodes) throws InterruptedException {
        fleet.ask("REST");
        if (!comesTrue(() -> fleet.ask("UNDERWAY").stream().allMatch("0"::equals), ChaosOracle.LIMIT)) {
            hung.add("hung: calls that have not ended at the end: " + fleet.ask("UNDERWAY"));
        }
        if (!comesTrue(() -> fleet.ask("STATE").stream().allMatch(state -> state.startsWith("UP ")), REST_LIMIT)) {
            hung.add("hung: nodes that do not find their Redis again: " + fleet.ask("STATE"));
        }
        Thread.sleep(ChaosSettings.BOUND.toMillis());
        boolean lately = episodes.stream()
                .anyMatch(e ->
                        e.effect() == Effect.UNTOLD && System.nanoTime() - e.end() < Claims.UNTOLD_ALLOWANCE.toNanos());
        if (lately) {
            Thread.sleep(Claims.UNTOLD_ALLOWANCE.toMillis());
        }
    }

    private static boolean comesTrue(Callable<Boolean> condition, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        do {
            try {
                if (condition.call()) {
                    return true;
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            Thread.sleep(100);
        } while (System.nanoTime() - end < 0);
        return false;
    }

    /** Reads every key on every node, and on one that can only have it from Redis. */
    private void lookForLost(Fleet fleet, ChaosOracle oracle) {
        Map<Integer, Long> owed =
                oracle.owed(fleet.nodes().stream().map(node -> node.number).toList());
        fleet.nodes().forEach(node -> compare("node " + node.number, Fleet.check(node), owed));
        try (ChaosProcess fresh = fleet.fresh()) {
            compare("Redis", Fleet.check(fresh), owed);
        }
    }

    private void compare(String who, List<long[]> found, Map<Integer, Long> owed) {
        for (long[] each : found) {
            int key = (int) each[0];
            long needed = owed.getOrDefault(key, 0L);
            for (int way = 1; way <= 2; way++) {
                if (each[way] < needed && (way == 2 || each[way] != 0)) {
                    lost.merge(
                            key,
                            "lost: " + who + " answers key " + key + " with " + each[way] + " and not " + needed
                                    + (way == 1 ? ", without loading" : ""),
                            (a, b) -> a + "; " + b);
                }
            }
        }
    }

    private void tell(Injector injector, List<Act> history, Fleet fleet) {
        Map<String, Long> faults = injector.episodes().stream()
                .collect(Collectors.groupingBy(Episode::name, TreeMap::new, Collectors.counting()));
        Map<String, Long> acts = history.stream()
                .filter(act -> act.kind() != Kind.STATE)
                .collect(Collectors.groupingBy(
                        act -> act.kind() + " " + act.outcome(), TreeMap::new, Collectors.counting()));
        out.println("faults: " + faults);
        out.println("calls: " + acts);
        fleet.ask("STATS").forEach(stats -> out.println("stats: " + stats));
    }

    private Verdict verdict(Injector injector, List<Act> history, ChaosOracle oracle) {
        hung.addAll(oracle.hung());
        Verdict verdict = new Verdict(
                topology,
                injector.episodes().size(),
                history.stream().filter(Act::isAnswer).count(),
                oracle.stale().stream()
                        .map(stale -> stale + during(injector, stale))
                        .toList(),
                hung,
                List.copyOf(lost.values()),
                oracle.broken().stream().map(act -> "broken: " + act).toList());
        show(verdict.stale());
        show(verdict.hung());
        show(verdict.lost());
        show(verdict.broken());
        return verdict;
    }

    private static String during(Injector injector, ChaosOracle.Stale stale) {
        return injector.episodes().stream()
                .filter(e -> e.end() - stale.newer().start() > -15_000_000_000L
                        && stale.answer().end() - e.begin() > 0)
                .map(e -> e.name() + " " + (e.begin() - stale.answer().start()) / 1_000_000 + ".."
                        + (e.end() - stale.answer().start()) / 1_000_000 + "ms")
                .collect(Collectors.joining(", ", " (", ")"));
    }

    private void show(List<String> findings) {
        findings.stream().limit(SHOWN).forEach(out::println);
        if (findings.size() > SHOWN) {
            out.println("... and " + (findings.size() - SHOWN) + " more");
        }
    }
}
