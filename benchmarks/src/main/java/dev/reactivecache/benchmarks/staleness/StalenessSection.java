package dev.reactivecache.benchmarks.staleness;

import dev.reactivecache.benchmarks.Effort;
import dev.reactivecache.benchmarks.Figure;
import dev.reactivecache.benchmarks.LocalRedis;
import dev.reactivecache.benchmarks.Section;
import dev.reactivecache.benchmarks.peer.Figures;
import dev.reactivecache.benchmarks.peer.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Reads that answered what another node had replaced, in a run of 60 seconds (quick: 20) in which the wire between the
 * reading node and Redis is cut three times, each time for a tenth of the run. A read is stale by as long as a later
 * value had been acknowledged when the read began. All caches run at once, so that the same befalls all; each has a
 * node that writes (50 changes a second of 100 keys, on a whole wire) and one that reads (500 a second), in this
 * process, with connections of their own. The bound is this cache's default of 1.5 seconds; the others state none.
 */
public final class StalenessSection implements Section {
    private static final List<Peer> PEERS =
            List.of(Peer.OURS, Peer.REDISSON, Peer.REDISSON_CLEAR, Peer.REDISSON_LOAD, Peer.JETCACHE, Peer.LETTUCE);

    private final Figures figures = new Figures(name());

    @Override
    public String name() {
        return "staleness";
    }

    @Override
    public String title() {
        return "Stale answers while the connection to Redis is cut three times";
    }

    @Override
    public List<Figure> measure(Effort effort) throws IOException, InterruptedException {
        int seconds = effort.quick() ? 20 : 60;
        List<CutRun> runs = new ArrayList<>();
        try (LocalRedis redis = LocalRedis.start()) {
            try {
                for (Peer peer : PEERS) {
                    runs.add(new CutRun(peer, redis.uri(), redis.port()));
                }
                run(runs, seconds);
                return runs.stream().flatMap(run -> figures(run).stream()).toList();
            } finally {
                runs.forEach(CutRun::close);
            }
        }
    }

    private static void run(List<CutRun> runs, int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Thread> threads = new ArrayList<>();
        for (CutRun run : runs) {
            threads.add(new Thread(() -> run.write(end), "writer of " + run.peer));
            threads.add(new Thread(() -> run.read(end), "reader of " + run.peer));
        }
        threads.forEach(Thread::start);
        long tenth = TimeUnit.SECONDS.toMillis(seconds) / 10;
        for (int cut = 0; cut < 3; cut++) {
            TimeUnit.MILLISECONDS.sleep(2 * tenth);
            runs.forEach(CutRun::cut);
            TimeUnit.MILLISECONDS.sleep(tenth);
            runs.forEach(CutRun::mend);
        }
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(seconds));
        }
    }

    private List<Figure> figures(CutRun run) {
        return List.of(
                figures.of("stale beyond 1.5 s", run.peer, "reads", (double) run.beyond.get()),
                figures.of("stale within 1.5 s", run.peer, "reads", (double) run.within.get()),
                figures.of("most stale", run.peer, "ms", run.worstNanos.get() / 1e6),
                figures.of("failed", run.peer, "reads", (double) run.failed.get()));
    }
}
