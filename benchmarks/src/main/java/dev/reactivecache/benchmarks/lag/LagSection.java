package dev.reactivecache.benchmarks.lag;

import dev.reactivecache.benchmarks.Effort;
import dev.reactivecache.benchmarks.Figure;
import dev.reactivecache.benchmarks.Section;
import dev.reactivecache.benchmarks.fleet.Fleet;
import dev.reactivecache.benchmarks.lag.Pair.Lags;
import dev.reactivecache.benchmarks.peer.Figures;
import dev.reactivecache.benchmarks.peer.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How long after one node's change was acknowledged the copy in another node's memory is gone, at 100 and at 10,000
 * changes a second. Both nodes are processes of their own. On Linux {@code System.nanoTime()} reads CLOCK_MONOTONIC in
 * all of them, so that what one noted is compared with what the other did; {@link Fleet} verifies that. A copy that
 * went before the acknowledgement has a lag of zero. Copies that have not gone a second after the last acknowledgement
 * are counted apart, and so is the rate that was reached, where a cache or the machine did not reach the one asked for.
 *
 * <p>The nodes of all contenders run all the time, each pair with a Redis of its own, and the pairs take turns.
 */
public final class LagSection implements Section {
    private static final List<Peer> PEERS = List.of(Peer.OURS, Peer.REDISSON, Peer.JETCACHE);
    private static final int[] RATES = {100, 10_000};

    @Override
    public String name() {
        return "lag";
    }

    @Override
    public String title() {
        return "From an acknowledged change to the end of another node's copy";
    }

    @Override
    public List<Figure> measure(Effort effort) throws IOException, InterruptedException {
        int rounds = effort.quick() ? 2 : 5;
        List<Pair> pairs = new ArrayList<>();
        try {
            for (Peer peer : PEERS) {
                pairs.add(new Pair(peer));
            }
            List<Figure> all = new ArrayList<>();
            for (int perSecond : RATES) {
                all.addAll(compare(pairs, perSecond, rounds, effort.quick()));
            }
            return all;
        } finally {
            pairs.forEach(Pair::close);
        }
    }

    private List<Figure> compare(List<Pair> pairs, int perSecond, int rounds, boolean quick)
            throws InterruptedException {
        int keys = quick ? Math.min(3_000, perSecond) : Math.min(10_000, 3 * perSecond);
        int warmUp = 1_000;
        String prefix = "at" + perSecond + "-";
        for (Pair pair : pairs) {
            pair.hold(prefix, warmUp + rounds * keys);
            pair.change(prefix, 0, warmUp, 2_000);
        }
        Lags[][] lags = new Lags[pairs.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < pairs.size(); i++) {
                lags[i][round] = pairs.get(i).change(prefix, warmUp + round * keys, keys, perSecond);
            }
        }
        String work = String.format("%,d/s", perSecond);
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            String contender = pairs.get(i).peer().title();
            figures.add(quantile(work + ", p50", contender, 0.5, lags[i], lags[0]));
            figures.add(quantile(work + ", p99", contender, 0.99, lags[i], lags[0]));
            figures.add(quantile(work + ", max", contender, 1, lags[i], lags[0]));
            figures.add(count(work + ", reached", contender, "changes/s", lags[i], Lags::perSecond));
            figures.add(count(work + ", not dropped", contender, "copies", lags[i], Lags::kept));
            figures.add(count(work + ", failed", contender, "changes", lags[i], Lags::failed));
        }
        return figures;
    }

    /** Compared with ours, unless a quantile of ours is no time at all. */
    private Figure quantile(String work, String contender, double share, Lags[] rounds, Lags[] ours) {
        double[] micros = micros(rounds, share);
        double[] base = micros(ours, share);
        return Arrays.stream(base).allMatch(value -> value > 0)
                ? Figure.of(name(), work, contender, "us", micros, base)
                : Figure.alone(name(), work, contender, "us", Figure.quantile(micros, 0.5));
    }

    private static double[] micros(Lags[] rounds, double share) {
        return Arrays.stream(rounds)
                .mapToDouble(lags -> Figures.quantile(lags.nanos(), share) / 1e3)
                .toArray();
    }

    private Figure count(String work, String contender, String unit, Lags[] rounds, ToDoubleFunction<Lags> counted) {
        double[] values = Arrays.stream(rounds).mapToDouble(counted).toArray();
        return Figure.alone(name(), work, contender, unit, Figure.quantile(values, 0.5));
    }
}
