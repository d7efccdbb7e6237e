package dev.reactivecache.benchmarks.stream;

import dev.reactivecache.benchmarks.Effort;
import dev.reactivecache.benchmarks.Figure;
import dev.reactivecache.benchmarks.LocalRedis;
import dev.reactivecache.benchmarks.Section;
import dev.reactivecache.benchmarks.fleet.Fleet;
import dev.reactivecache.benchmarks.fleet.Reply;
import dev.reactivecache.benchmarks.peer.Figures;
import dev.reactivecache.benchmarks.peer.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What it costs a node that others change keys: the changes it hears of each second, and its processor time, with 1,
 * 2, 4 and 8 nodes listening, each in a process of its own, while one more changes keys at a given rate. The listening
 * nodes hold none of these keys. What it costs the server stands in {@link ServerCost}.
 */
public final class StreamSection implements Section {
    private static final int[] NODES = {1, 2, 4, 8};
    /** Many processes take long to start. */
    private static final int[] FEW_NODES = {1, 4};

    private final Figures figures = new Figures(name());

    @Override
    public String name() {
        return "stream";
    }

    @Override
    public String title() {
        return "The stream of changes, where no node holds any of the keys";
    }

    @Override
    public List<Figure> measure(Effort effort) throws IOException, InterruptedException {
        int seconds = effort.quick() ? 1 : 10;
        List<Figure> all = new ArrayList<>();
        int[] counts = effort.quick() ? FEW_NODES : NODES;
        for (int nodes : counts) {
            try (LocalRedis redis = LocalRedis.start();
                    Fleet fleet = Fleet.start(nodes + 1)) {
                fleet.open(nodes + 1, Peer.OURS, redis.uri(), "stream", 10_000, 0);
                change(fleet, nodes, "warm", 1_000, 1);
                for (int perSecond : new int[] {100, 1_000, 5_000}) {
                    all.addAll(run(fleet, nodes, perSecond, seconds));
                }
            }
        }
        for (int nodes : counts) {
            all.addAll(new ServerCost(name(), nodes).measure(effort));
        }
        return all;
    }

    private static void change(Fleet fleet, int writer, String prefix, int perSecond, int seconds) {
        fleet.ask(
                writer,
                "change",
                Map.of(
                        "prefix",
                        prefix + "-",
                        "from",
                        "0",
                        "keys",
                        Integer.toString(perSecond * seconds),
                        "atOnce",
                        "1000",
                        "perSecond",
                        Integer.toString(perSecond)));
    }

    private List<Figure> run(Fleet fleet, int nodes, int perSecond, int seconds) {
        List<Reply> before = fleet.askFirst(nodes, "spent", Map.of());
        long begun = System.nanoTime();
        change(fleet, nodes, "at" + perSecond, perSecond, seconds);
        double took = System.nanoTime() - begun;
        List<Reply> after = fleet.askFirst(nodes, "spent", Map.of());
        double cpu = 0;
        double told = 0;
        for (int i = 0; i < nodes; i++) {
            cpu += after.get(i).one("cpu") - before.get(i).one("cpu");
            told += after.get(i).one("told") - before.get(i).one("told");
        }
        String work = perSecond + " changes/s, " + nodes + (nodes == 1 ? " node" : " nodes");
        return List.of(
                figures.of("told, " + work, Peer.OURS, "events/s of a node", told / nodes / took * 1e9),
                figures.of("CPU, " + work, Peer.OURS, "% of a core of a node", 100 * cpu / nodes / took));
    }
}
