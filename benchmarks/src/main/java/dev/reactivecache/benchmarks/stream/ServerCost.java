package dev.reactivecache.benchmarks.stream;

import dev.reactivecache.benchmarks.Effort;
import dev.reactivecache.benchmarks.Figure;
import dev.reactivecache.benchmarks.LocalRedis;
import dev.reactivecache.benchmarks.fleet.Pace;
import dev.reactivecache.benchmarks.peer.NodeCache;
import dev.reactivecache.benchmarks.peer.Peer;
import dev.reactivecache.benchmarks.peer.Place;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/**
 * The processor time that Redis spends for each changed key, as its own {@code INFO cpu} says: the change, the message
 * to each node, and what else the nodes ask of it meanwhile. So it is dear where little changes. The nodes are in this
 * process, with connections of their own; each contender has its own Redis, which sends keyspace notifications only
 * where the contender listens for them. Contenders take turns.
 */
final class ServerCost {
    private static final List<Peer> PEERS = List.of(Peer.OURS, Peer.OURS_TRACKING, Peer.REDISSON);
    private static final int AT_ONCE = 256;
    private static final int WARM_UP = 1_000;

    private final String section;
    private final int nodes;

    ServerCost(String section, int nodes) {
        this.section = section;
        this.nodes = nodes;
    }

    List<Figure> measure(Effort effort) throws IOException, InterruptedException {
        List<Site> sites = new ArrayList<>();
        try {
            for (Peer peer : PEERS) {
                sites.add(new Site(peer, nodes));
            }
            for (Site site : sites) {
                site.microsOfChange(WARM_UP, 2 * WARM_UP);
            }
            List<Figure> all = new ArrayList<>();
            for (int perSecond : effort.quick() ? new int[] {1_000} : new int[] {100, 1_000, 5_000}) {
                all.addAll(compare(sites, perSecond, effort));
            }
            return all;
        } finally {
            sites.forEach(Site::close);
        }
    }

    private List<Figure> compare(List<Site> sites, int perSecond, Effort effort) throws InterruptedException {
        int rounds = effort.quick() ? 3 : 5;
        int keys = effort.quick() ? perSecond / 2 : Math.max(100, perSecond * 6 / 10);
        double[][] micros = new double[sites.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < sites.size(); i++) {
                micros[i][round] = sites.get(i).microsOfChange(keys, perSecond);
            }
        }
        String work = String.format(
                "CPU of Redis for a change, %,d/s, %d %s", perSecond, nodes, nodes == 1 ? "node" : "nodes");
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            figures.add(Figure.of(section, work, PEERS.get(i).title(), "us", micros[i], micros[0]));
        }
        return figures;
    }

    /** A contender's Redis, its nodes, and one more, which changes keys. */
    private static final class Site implements AutoCloseable {
        private final ExecutorService callers = Executors.newFixedThreadPool(1);
        private final LocalRedis redis;
        private final RedisClient client;
        private final RedisCommands<String, String> commands;
        private final List<NodeCache> caches = new ArrayList<>();
        private int changed;

        Site(Peer peer, int nodes) throws IOException {
            this.redis = peer == Peer.OURS ? LocalRedis.start() : LocalRedis.startSilent();
            this.client = RedisClient.create(redis.uri());
            this.commands = client.connect().sync();
            for (int i = 0; i <= nodes; i++) {
                caches.add(peer.open(new Place(redis.uri(), "stream", 10_000, Mono::just, callers)));
            }
        }

        /** Of processor time of Redis, for each of so many keys. */
        double microsOfChange(int keys, int perSecond) throws InterruptedException {
            NodeCache writer = caches.get(0);
            double before = cpuSeconds();
            Pace pace = new Pace(AT_ONCE, perSecond);
            for (int i = 0; i < keys; i++) {
                pace.await();
                writer.change("key-" + changed++, "changed").whenComplete((value, failure) -> pace.done());
            }
            if (!pace.awaitAll(Duration.ofSeconds(20))) {
                throw new IllegalStateException("changes are still under way");
            }
            return (cpuSeconds() - before) * 1e6 / keys;
        }

        private double cpuSeconds() {
            return commands.info("cpu")
                    .lines()
                    .map(line -> line.split(":"))
                    .filter(field -> field[0].equals("used_cpu_sys") || field[0].equals("used_cpu_user"))
                    .mapToDouble(field -> Double.parseDouble(field[1]))
                    .sum();
        }

        @Override
        public void close() {
            caches.forEach(NodeCache::close);
            client.shutdown(0, 1, TimeUnit.SECONDS);
            callers.shutdownNow();
            redis.close();
        }
    }
}
