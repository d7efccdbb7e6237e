package dev.reactivecache.chaos;

import dev.reactivecache.chaos.Act.Kind;
import dev.reactivecache.chaos.Act.Outcome;
import dev.reactivecache.chaos.Fault.Effect;
import dev.reactivecache.chaos.Fault.Episode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * From when, and until when, an acknowledged change binds reads: an answer that begins within such a span must not be
 * older than the change.
 *
 * <ul>
 *   <li>On the node that made it: from its acknowledgement on, without any allowance (G4, G5).
 *   <li>On others: from the staleness bound after that (G7). Both moments are read on the safe side, the
 *       acknowledgement's after it came, the read's before it began, so that pauses of a process, or of this harness,
 *       need no allowance.
 *   <li>While Redis is not told to notify: ten seconds later than that, the time in which that is noticed.
 *   <li>{@code FLUSHALL}, a restart of an empty Redis, eviction and deletions by strangers need no allowance. They take
 *       entries, leases and quarantines away and bring nothing back, and what changes after them is told like anything.
 *   <li>A failover may lose what was acknowledged shortly before it. Such a change does not bind from the failover
 *       until its node is live on the new master with nothing pending; never again if that node has died. It binds as
 *       before then.
 *   <li>Changes that were not acknowledged bind nobody: each of their outcomes is allowed.
 * </ul>
 */
final class Claims {
    static final Duration UNTOLD_ALLOWANCE = Duration.ofSeconds(10);
    /** How far a replica may be behind its master. */
    private static final Duration REPLICATION = Duration.ofSeconds(10);

    private static final long NEVER = Long.MAX_VALUE;

    private final long boundNanos;
    private final List<Episode> untold;
    private final List<Episode> forgotten;
    private final Map<Integer, TreeMap<Long, Act>> states;

    Claims(Duration bound, List<Episode> episodes, List<Act> history) {
        this.boundNanos = bound.toNanos();
        this.untold = episodes.stream().filter(e -> e.effect() == Effect.UNTOLD).toList();
        this.forgotten = episodes.stream()
                .filter(e -> e.effect() == Effect.FORGOTTEN)
                .sorted((a, b) -> Long.compare(a.begin(), b.begin()))
                .toList();
        this.states = history.stream()
                .filter(act -> act.kind() == Kind.STATE)
                .collect(Collectors.groupingBy(
                        Act::node, Collectors.toMap(Act::start, act -> act, (a, b) -> b, TreeMap::new)));
    }

    /**
     * A stretch of time in which reads must not answer anything older than a change.
     *
     * @param until when it ends, or {@link Long#MAX_VALUE}
     */
    record Span(long from, long until) {}

    /** When a change binds the node that made it. */
    List<Span> atHome(Act change) {
        return spans(change, change.end(), 0);
    }

    /** When a change binds the other nodes. */
    List<Span> abroad(Act change) {
        boolean wasUntold =
                untold.stream().anyMatch(off -> change.end() - off.begin() >= 0 && off.end() - change.start() >= 0);
        long late = boundNanos + (wasUntold ? UNTOLD_ALLOWANCE.toNanos() : 0);
        return spans(change, change.end() + late, boundNanos);
    }

    private List<Span> spans(Act change, long from, long lateAgain) {
        List<Span> spans = new ArrayList<>();
        long begin = from;
        long told = change.end();
        for (Episode loss : forgotten) {
            boolean mayBeLost = told - (loss.begin() - REPLICATION.toNanos()) >= 0 && change.start() - loss.end() <= 0;
            if (!mayBeLost || begin == NEVER) {
                continue;
            }
            if (begin < loss.begin()) {
                spans.add(new Span(begin, loss.begin()));
            }
            long repaired = repairedAt(change.node(), loss);
            begin = repaired == NEVER ? NEVER : Math.max(begin, repaired + lateAgain);
            told = Math.max(told, repaired); // what was sent again may be lost by the next failover
        }
        if (begin != NEVER) {
            spans.add(new Span(begin, NEVER));
        }
        return spans;
    }

    /** When a node was found live on another master, with nothing pending, and still was a second later. */
    private long repairedAt(int node, Episode loss) {
        TreeMap<Long, Act> of = states.getOrDefault(node, new TreeMap<>());
        Map.Entry<Long, Act> before = of.floorEntry(loss.begin());
        long gaps = before == null ? 0 : before.getValue().version();
        long since = NEVER;
        for (Act state : of.tailMap(loss.end()).values()) {
            boolean well = state.outcome() == Outcome.LIVE && state.key() == 0 && state.version() > gaps;
            since = !well ? NEVER : since == NEVER ? state.start() : since;
            if (well && state.start() - since > Duration.ofSeconds(1).toNanos()) {
                return state.start();
            }
        }
        return NEVER;
    }
}
