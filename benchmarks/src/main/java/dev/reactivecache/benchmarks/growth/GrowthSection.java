package dev.reactivecache.benchmarks.growth;

import dev.reactivecache.benchmarks.Effort;
import dev.reactivecache.benchmarks.Figure;
import dev.reactivecache.benchmarks.LocalRedis;
import dev.reactivecache.benchmarks.Race;
import dev.reactivecache.benchmarks.Section;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A hit in memory and a hit in Redis, with a thousand keys there, and with up to a million. All keys are read, in an
 * order that goes far with each step; so what grows is how seldom the processor's caches help, for ours and for the
 * peer.
 */
public final class GrowthSection implements Section {
    private static final int[] KEYS = {1_000, 10_000, 100_000, 1_000_000};
    /** In Redis, of a quick run: a million take most of its time to be written and verified. */
    private static final int[] FEWER_KEYS = {1_000, 10_000, 100_000};

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String title() {
        return "A hit among a thousand to a million keys";
    }

    @Override
    public List<Figure> measure(Effort effort) throws IOException, InterruptedException {
        int rounds = effort.quick() ? 3 : effort.rounds();
        long nanos = effort.quick() ? 70_000_000L : 200_000_000L;
        List<Figure> figures = new ArrayList<>();
        warmUp(10 * nanos);
        for (int keys : KEYS) {
            String work = String.format("in memory, of %,d keys", keys);
            figures.addAll(new Race(name(), work, new LocalReads(keys).contenders()).runOfNanos(rounds, nanos));
        }
        for (int keys : effort.quick() ? FEWER_KEYS : KEYS) {
            String work = String.format("in Redis, of %,d keys, 64 in flight", keys);
            try (LocalRedis redis = LocalRedis.start();
                    RemoteReads reads = new RemoteReads(redis.uri(), keys)) {
                figures.addAll(new Race(name(), work, reads.contenders()).run(rounds, 2 * nanos));
                reads.verify();
            }
        }
        return figures;
    }

    /** So that the first size is not the one that waits for the compiler. */
    private void warmUp(long nanos) throws IOException, InterruptedException {
        int keys = KEYS[0];
        new Race(name(), "warm-up", new LocalReads(keys).contenders()).run(1, nanos / 4);
        try (LocalRedis redis = LocalRedis.start();
                RemoteReads reads = new RemoteReads(redis.uri(), keys)) {
            new Race(name(), "warm-up", reads.contenders()).run(1, nanos);
        }
    }
}
