package dev.reactivecache.benchmarks.stampede;

import dev.reactivecache.benchmarks.Effort;
import dev.reactivecache.benchmarks.Figure;
import dev.reactivecache.benchmarks.LocalRedis;
import dev.reactivecache.benchmarks.Section;
import dev.reactivecache.benchmarks.fleet.Fleet;
import dev.reactivecache.benchmarks.fleet.Reply;
import dev.reactivecache.benchmarks.peer.Figures;
import dev.reactivecache.benchmarks.peer.Peer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * 1,000 and 10,000 callers of one cold key on one node and on four, all at one moment; a load takes 50 ms. Reported are
 * the loads that the origin counted, and how long 99 % of the callers waited at most. Each cache has its own means:
 * Redisson {@code computeIfAbsent}, JetCache {@code penetrationProtect}, which is for one process; both block, so that
 * their callers take turns on 200 threads, and waiting for a thread counts. A caller without an answer within the time
 * of the run counts as having waited that long.
 */
public final class StampedeSection implements Section {
    private static final List<Peer> PEERS = List.of(Peer.OURS_CLUSTER, Peer.OURS, Peer.REDISSON, Peer.JETCACHE);
    private static final int LOAD_MILLIS = 50;

    private final Figures figures = new Figures(name());

    @Override
    public String name() {
        return "stampede";
    }

    @Override
    public String title() {
        return "Many callers of one cold key";
    }

    @Override
    public List<Figure> measure(Effort effort) throws IOException {
        int seconds = effort.quick() ? 8 : 30;
        List<Figure> all = new ArrayList<>();
        try (LocalRedis redis = LocalRedis.start()) {
            RedisClient client = RedisClient.create(redis.uri());
            try {
                RedisCommands<String, String> counted = client.connect().sync();
                for (Peer peer : PEERS) {
                    for (int nodes : new int[] {1, 4}) {
                        all.addAll(run(redis.uri(), counted, peer, nodes, seconds));
                    }
                }
            } finally {
                client.shutdown(0, 1, TimeUnit.SECONDS);
            }
        }
        return all;
    }

    private List<Figure> run(String uri, RedisCommands<String, String> counted, Peer peer, int nodes, int seconds)
            throws IOException {
        List<Figure> told = new ArrayList<>();
        try (Fleet fleet = Fleet.start(nodes)) {
            String cache = "stampede-" + peer + "-" + nodes;
            fleet.open(nodes, peer, uri, cache, 10_000, LOAD_MILLIS);
            stampede(fleet, nodes, cache + "-warm", 100, seconds);
            for (int callers : new int[] {1_000, 10_000}) {
                String key = cache + "-" + callers;
                List<Long> took = stampede(fleet, nodes, key, callers, seconds);
                String work = callers + " callers on each of " + nodes + (nodes == 1 ? " node" : " nodes");
                String loads = counted.get("loads:" + key);
                told.add(figures.of("loads, " + work, peer, "loads", loads == null ? 0 : Double.parseDouble(loads)));
                told.add(figures.of("p99, " + work, peer, "ms", Figures.quantile(took, 0.99) / 1e6));
            }
        }
        return told;
    }

    private static List<Long> stampede(Fleet fleet, int nodes, String key, int callers, int seconds) {
        long at = System.nanoTime() + Duration.ofMillis(100).toNanos();
        List<Reply> replies = fleet.askFirst(
                nodes,
                "stampede",
                Map.of(
                        "key", key,
                        "callers", Integer.toString(callers),
                        "seconds", Integer.toString(seconds),
                        "at", Long.toString(at)));
        List<Long> took = new ArrayList<>();
        for (Reply reply : replies) {
            if (reply.one("failures") > 0) {
                System.err.println(key + ": " + reply.one("failures") + " callers failed");
            }
            reply.all("took").forEach(nanos -> took.add(nanos == 0 ? seconds * 1_000_000_000L : nanos));
        }
        return took;
    }
}
