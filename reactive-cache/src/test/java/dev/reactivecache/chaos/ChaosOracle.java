package dev.reactivecache.chaos;

import dev.reactivecache.chaos.Act.Kind;
import dev.reactivecache.chaos.Act.Outcome;
import dev.reactivecache.chaos.Claims.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges a recorded history. An answer is stale if a change binds it, as {@link Claims} says, and it is older than that
 * change. A call that joined another's flight is judged by its own start like any other: who joins a flight after an
 * invalidation must not be given what the flight found before it. A call hangs if it has had no end within its limit,
 * not counting times in which its process did not run.
 */
final class ChaosOracle {
    /** Two flights one after the other, with all that they may wait for in Redis; or a whole write. */
    static final Duration LIMIT = ChaosSettings.LOAD_TIMEOUT
            .plus(ChaosSettings.READ_TIMEOUT)
            .plus(ChaosSettings.WRITE_TIMEOUT.multipliedBy(2))
            .multipliedBy(2);

    /** A process that says nothing of itself for longer than this did not run. */
    private static final Duration STANDSTILL = Duration.ofMillis(300);

    private final List<Act> history;
    private final Claims claims;

    ChaosOracle(List<Act> history, Claims claims) {
        this.history = history;
        this.claims = claims;
    }

    /**
     * An answer that is too old.
     *
     * @param newer a change that binds it
     */
    record Stale(Act answer, Act newer) {
        @Override
        public String toString() {
            long late = answer.start() - newer.end();
            return "stale: node " + answer.node() + " key " + answer.key() + " answered " + answer.version() + " from "
                    + answer.outcome() + " at " + answer.start() + " in " + (answer.end() - answer.start()) / 1_000
                    + "us; " + newer.version() + " was acknowledged " + late / 1_000 + "us before, " + newer;
        }
    }

    /** From when on a change binds, and until when. */
    private record Edge(long at, boolean begins, Act change) {}

    List<Stale> stale() {
        Map<Integer, List<Act>> answers = byKey(Act::isAnswer);
        Map<Integer, List<Act>> changes =
                byKey(act -> act.isChange() && act.outcome() == Outcome.ACKNOWLEDGED && act.version() > 0);
        List<Stale> stale = new ArrayList<>();
        answers.forEach((key, read) -> {
            List<Act> changed = changes.getOrDefault(key, List.of());
            sweep(read, changed, claims::abroad, stale);
            Map<Integer, List<Act>> changedBy = changed.stream().collect(Collectors.groupingBy(Act::node));
            read.stream().collect(Collectors.groupingBy(Act::node)).forEach((node, own) -> {
                sweep(own, changedBy.getOrDefault(node, List.of()), claims::atHome, stale);
            });
        });
        return stale.stream()
                .collect(Collectors.toMap(Stale::answer, each -> each, (a, b) -> a, HashMap::new))
                .values()
                .stream()
                .sorted(Comparator.comparingLong(each -> each.answer().start()))
                .toList();
    }

    private Map<Integer, List<Act>> byKey(java.util.function.Predicate<Act> which) {
        return history.stream().filter(which).collect(Collectors.groupingBy(Act::key));
    }

    /** Goes through one key's time, with the changes that bind at each moment. */
    private static void sweep(
            List<Act> answers, List<Act> changes, Function<Act, List<Span>> claimed, List<Stale> stale) {
        List<Edge> edges = new ArrayList<>();
        for (Act change : changes) {
            for (Span span : claimed.apply(change)) {
                edges.add(new Edge(span.from(), true, change));
                if (span.until() != Long.MAX_VALUE) {
                    edges.add(new Edge(span.until(), false, change));
                }
            }
        }
        edges.sort(Comparator.comparingLong(Edge::at));
        List<Act> inOrder =
                answers.stream().sorted(Comparator.comparingLong(Act::start)).toList();
        TreeMap<Long, Act> binding = new TreeMap<>();
        int next = 0;
        for (Act answer : inOrder) {
            // what begins to bind at this very moment does not bind yet
            for (; next < edges.size() && edges.get(next).at() < answer.start(); next++) {
                Edge edge = edges.get(next);
                if (edge.begins()) {
                    binding.put(edge.change().version(), edge.change());
                } else {
                    binding.remove(edge.change().version());
                }
            }
            if (!binding.isEmpty() && binding.lastKey() > answer.version()) {
                stale.add(new Stale(answer, binding.lastEntry().getValue()));
            }
        }
    }

    /** The newest version of each key that must not be lost: told to Redis, or kept by a node that lives. */
    Map<Integer, Long> owed(List<Integer> living) {
        Map<Integer, Long> owed = new HashMap<>();
        history.stream().filter(Act::isChange).filter(act -> act.version() > 0).forEach(change -> {
            boolean told = change.outcome() == Outcome.ACKNOWLEDGED
                    && claims.atHome(change).stream().anyMatch(span -> span.until() == Long.MAX_VALUE);
            if (told || living.contains(change.node())) {
                owed.merge(change.key(), change.version(), Math::max);
            }
        });
        return owed;
    }

    /** Calls that took too long, or had taken too long when their process was last heard of. */
    List<String> hung() {
        Map<Integer, TreeMap<Long, Act>> states = history.stream()
                .filter(act -> act.kind() == Kind.STATE)
                .collect(Collectors.groupingBy(
                        Act::node, Collectors.toMap(Act::start, act -> act, (a, b) -> b, TreeMap::new)));
        Map<String, String> hung = new TreeMap<>();
        for (Act act : history) {
            boolean state = act.kind() == Kind.STATE;
            long begun = state ? act.end() : act.start();
            long now = state ? act.start() : act.end();
            if ((!state || begun != 0)
                    && now - begun > LIMIT.toNanos()
                    && now - begun - standstill(states.get(act.node()), begun, now) > LIMIT.toNanos()) {
                hung.put(
                        act.node() + "/" + (state ? begun : begun + "/" + act.key()),
                        "hung: node " + act.node() + " since " + begun + " for " + (now - begun) / 1_000_000 + "ms: "
                                + act);
            }
        }
        return List.copyOf(hung.values());
    }

    private static long standstill(@Nullable TreeMap<Long, Act> states, long from, long until) {
        if (states == null) {
            return 0;
        }
        long stood = 0;
        Long last = states.floorKey(from);
        for (long at : states.subMap(from, true, until, true).keySet()) {
            if (last != null && at - last > STANDSTILL.toNanos()) {
                stood += at - Math.max(last, from);
            }
            last = at;
        }
        return last != null && until - last > STANDSTILL.toNanos() ? stood + until - Math.max(last, from) : stood;
    }

    /** Calls that failed as they must not. */
    List<Act> broken() {
        return history.stream().filter(act -> act.outcome() == Outcome.BROKEN).toList();
    }
}
