package dev.reactivecache.benchmarks.origin;

import dev.reactivecache.benchmarks.Effort;
import dev.reactivecache.benchmarks.Figure;
import dev.reactivecache.benchmarks.LocalRedis;
import dev.reactivecache.benchmarks.Section;
import dev.reactivecache.benchmarks.fleet.Pace;
import dev.reactivecache.benchmarks.peer.Figures;
import dev.reactivecache.benchmarks.peer.NodeCache;
import dev.reactivecache.benchmarks.peer.Origin;
import dev.reactivecache.benchmarks.peer.Peer;
import dev.reactivecache.benchmarks.peer.Place;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/**
 * Loads for each thousand requests of a {@linkplain Trace trace} over 20,000 keys, dealt in turn to four nodes in this
 * process with connections of their own, 64 at a time; each node has room for 500 entries, a load takes 5 ms, and every
 * hundredth request changes its key instead of reading it. All begin empty.
 */
public final class OriginSection implements Section {
    private static final List<Peer> PEERS =
            List.of(Peer.OURS, Peer.OURS_CLUSTER, Peer.REDISSON, Peer.JETCACHE, Peer.CAFFEINE);
    private static final int NODES = 4;
    private static final int KEYS = 20_000;
    private static final int LOCAL_SIZE = 500;
    private static final int AT_ONCE = 64;

    private final Figures figures = new Figures(name());

    @Override
    public String name() {
        return "origin";
    }

    @Override
    public String title() {
        return "Loads for each 1,000 requests of a Zipf trace";
    }

    @Override
    public List<Figure> measure(Effort effort) throws IOException, InterruptedException {
        int requests = effort.quick() ? 20_000 : 200_000;
        List<Figure> all = new ArrayList<>();
        try (LocalRedis redis = LocalRedis.start()) {
            for (Peer peer : PEERS) {
                all.add(run(redis.uri(), peer, requests));
            }
        }
        return all;
    }

    private Figure run(String uri, Peer peer, int requests) throws InterruptedException {
        AtomicLong loads = new AtomicLong();
        Origin origin = key -> Mono.delay(Duration.ofMillis(5)).map(late -> key + " #" + loads.incrementAndGet());
        ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE);
        List<NodeCache> nodes = new ArrayList<>();
        try {
            for (int i = 0; i < NODES; i++) {
                nodes.add(peer.open(new Place(uri, "origin-" + peer, LOCAL_SIZE, origin, callers)));
            }
            request(nodes, requests);
            return figures.of("loads", peer, "per 1,000 requests", 1_000.0 * loads.get() / requests);
        } finally {
            nodes.forEach(NodeCache::close);
            callers.shutdownNow();
        }
    }

    private static void request(List<NodeCache> nodes, int requests) throws InterruptedException {
        Trace trace = new Trace(KEYS);
        Pace pace = new Pace(AT_ONCE, Integer.MAX_VALUE);
        for (int i = 0; i < requests; i++) {
            pace.await();
            String key = trace.next();
            NodeCache node = nodes.get(i % nodes.size());
            (i % 100 == 99 ? node.change(key, "changed") : node.read(key))
                    .whenComplete((value, failure) -> pace.done());
        }
        pace.awaitAll(Duration.ofSeconds(20));
    }
}
