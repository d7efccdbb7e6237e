package dev.reactivecache.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Mono;

/** A hit in memory with what else there is: the same reads as in {@link L1Hit}. Runs with {@code -Pbench} only. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class L1Peers {
    private static final int KEYS = 1_024;
    private static final int FIRST = 1_000;

    /** Whose hit it is: the name of one of {@link LocalPeers}. */
    @Param({"CACHEABLE", "CACHEABLE_SYNC", "REDISSON", "JETCACHE"})
    public String peer = "";

    private final Integer[] keys = new Integer[KEYS];
    private LocalPeers.Peer running;
    private Function<Integer, Mono<String>> read;

    /** Starts the peer, and reads each key once. */
    @Setup(Level.Trial)
    public void fill() throws IOException {
        running = LocalPeers.valueOf(peer).start(FIRST, KEYS);
        read = running.read();
        for (int i = 0; i < KEYS; i++) {
            keys[i] = FIRST + i;
            if (!"value".equals(read.apply(keys[i]).block())) {
                throw new IllegalStateException(peer + " has no value for " + keys[i]);
            }
        }
    }

    /** Ends the peer. */
    @TearDown(Level.Trial)
    public void close() throws Exception {
        running.close().close();
    }

    /** Subscribed. */
    @Benchmark
    public @Nullable String subscribed(L1Hit.Reader reader) {
        read.apply(reader.next(keys)).subscribe(reader);
        return reader.take();
    }

    /** In a chain. */
    @Benchmark
    public @Nullable String inFlatMap(L1Hit.Reader reader) {
        Mono.just(reader.next(keys)).flatMap(read).subscribe(reader);
        return reader.take();
    }
}
