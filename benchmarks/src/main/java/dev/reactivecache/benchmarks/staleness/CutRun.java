package dev.reactivecache.benchmarks.staleness;

import dev.reactivecache.benchmarks.fleet.Pace;
import dev.reactivecache.benchmarks.peer.NodeCache;
import dev.reactivecache.benchmarks.peer.Peer;
import dev.reactivecache.benchmarks.peer.Place;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/** One cache in the run: a node that writes, and one that reads on a wire that is cut. */
final class CutRun implements AutoCloseable {
    private static final int KEYS = 100;
    private static final int CHANGES_PER_SECOND = 50;
    private static final int READS_PER_SECOND = 500;
    private static final long BOUND_NANOS = Duration.ofMillis(1_500).toNanos();

    final Peer peer;
    final AtomicLong within = new AtomicLong();
    final AtomicLong beyond = new AtomicLong();
    final AtomicLong worstNanos = new AtomicLong();
    final AtomicLong failed = new AtomicLong();
    private final Versions versions = new Versions();
    private final ExecutorService callers = Executors.newFixedThreadPool(64);
    private final Wire wire;
    private final NodeCache writer;
    private final NodeCache reader;

    CutRun(Peer peer, String uri, int port) throws IOException {
        this.peer = peer;
        this.wire = new Wire(port);
        this.writer = peer.open(place(uri));
        this.reader = peer.open(place(wire.uri()));
    }

    private Place place(String uri) {
        return new Place(
                uri,
                "stale-" + peer,
                10_000,
                key -> Mono.fromSupplier(() -> Long.toString(versions.current(key))),
                callers);
    }

    void cut() {
        wire.cut();
    }

    void mend() {
        wire.mend();
    }

    void write(long endNanos) {
        Pace pace = new Pace(64, CHANGES_PER_SECOND);
        for (int turn = 0; System.nanoTime() - endNanos < 0; turn++) {
            if (pace.awaitUnlessFull()) {
                String key = "k" + turn % KEYS;
                long version = versions.next(key);
                writer.change(key, Long.toString(version)).whenComplete((done, failure) -> {
                    pace.done();
                    if (failure == null) {
                        versions.acknowledge(key, version);
                    }
                });
            }
        }
    }

    void read(long endNanos) {
        Pace pace = new Pace(64, READS_PER_SECOND);
        for (int turn = 0; System.nanoTime() - endNanos < 0; turn++) {
            if (pace.awaitUnlessFull()) {
                String key = "k" + turn % KEYS;
                long began = System.nanoTime();
                reader.read(key).whenComplete((value, failure) -> {
                    pace.done();
                    if (failure != null) {
                        failed.incrementAndGet();
                    } else {
                        note(versions.staleNanos(key, Long.parseLong(value), began));
                    }
                });
            }
        }
    }

    private void note(long staleNanos) {
        worstNanos.accumulateAndGet(staleNanos, Math::max);
        if (staleNanos > BOUND_NANOS) {
            beyond.incrementAndGet();
        } else if (staleNanos > 0) {
            within.incrementAndGet();
        }
    }

    @Override
    public void close() {
        wire.mend(); // so that the peers end without waiting
        reader.close();
        writer.close();
        callers.shutdownNow();
        wire.close();
    }
}
