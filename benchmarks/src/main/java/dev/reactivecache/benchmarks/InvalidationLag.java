package dev.reactivecache.benchmarks;

import dev.reactivecache.Invalidation.KeyInvalidated;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.redis.RedisTier;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.ToLongFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How long a change by one node takes until another has dropped its copy: {@code java -cp benchmarks/target/benchmarks.jar
 * dev.reactivecache.benchmarks.InvalidationLag redis://localhost:6379 [changes] [changes per second]}. Each node has
 * connections and threads of its own; both are in this process, so that one clock measures.
 */
public final class InvalidationLag {
    private final int changes;
    private final AtomicLongArray asked;
    private final AtomicLongArray acknowledged;
    private final AtomicLongArray dropped;

    private InvalidationLag(int changes) {
        this.changes = changes;
        this.asked = new AtomicLongArray(changes);
        this.acknowledged = new AtomicLongArray(changes);
        this.dropped = new AtomicLongArray(changes);
    }

    /** Measures, and prints a line for each span. */
    public static void main(String[] args) {
        int changes = args.length > 1 ? Integer.parseInt(args[1]) : 20_000;
        int perSecond = args.length > 2 ? Integer.parseInt(args[2]) : 1_000;
        new InvalidationLag(changes).run(args[0], perSecond);
    }

    private void run(String uri, int perSecond) {
        RedisTier writerTier = RedisTier.connect(uri);
        RedisTier readerTier = RedisTier.connect(uri);
        ReactiveCache<Integer, String> writer = cache(writerTier);
        ReactiveCache<Integer, String> reader = cache(readerTier);
        Mono.when(writerTier.ready(), readerTier.ready()).block();
        reader.invalidations().ofType(KeyInvalidated.class).subscribe(told -> {
            if (told.key() instanceof Integer key && key >= 0 && key < changes) {
                dropped.compareAndSet(key, 0, System.nanoTime());
            }
        });
        Flux.range(0, changes)
                .concatMap(key -> reader.getOrFetch(key, Mono.just("value")))
                .blockLast();
        int atOnce = Math.max(1, perSecond / 1_000);
        Flux.interval(Duration.ofNanos(1_000_000_000L * atOnce / perSecond))
                .onBackpressureBuffer()
                .concatMapIterable(tick -> Collections.nCopies(atOnce, tick))
                .take(changes)
                .index((turn, tick) -> turn.intValue())
                .flatMap(key -> invalidate(writer, key), 1_000)
                .blockLast();
        Mono.delay(Duration.ofSeconds(1)).block();
        print("from the call to the drop elsewhere", key -> dropped.get(key) - asked.get(key));
        print("from the call to its acknowledgement", key -> acknowledged.get(key) - asked.get(key));
        print(
                "from the acknowledgement to the drop elsewhere",
                key -> Math.max(0, dropped.get(key) - acknowledged.get(key)));
        Mono.when(writerTier.close(), readerTier.close()).block();
    }

    private Mono<Void> invalidate(ReactiveCache<Integer, String> writer, int key) {
        return Mono.defer(() -> {
            asked.set(key, System.nanoTime());
            return writer.invalidate(key).doOnSuccess(done -> acknowledged.set(key, System.nanoTime()));
        });
    }

    private static ReactiveCache<Integer, String> cache(RedisTier tier) {
        return ReactiveCache.<Integer, String>builder("lag")
                .key(KeyCodec.ofInt())
                .value(ValueCodec.ofString())
                .local(LocalTier.maximumSize(1_000_000))
                .remote(tier)
                .build();
    }

    private void print(String what, ToLongFunction<Integer> span) {
        long[] nanos = new long[changes];
        int told = 0;
        for (int key = 0; key < changes; key++) {
            if (dropped.get(key) != 0) {
                nanos[told++] = span.applyAsLong(key);
            }
        }
        long[] sorted = Arrays.copyOf(nanos, told);
        Arrays.sort(sorted);
        System.out.printf(
                "%-48s n=%d p50=%d us p99=%d us max=%d us%n",
                what, told, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
    }

    private static long at(long[] sorted, double share) {
        return sorted.length == 0 ? -1 : sorted[(int) ((sorted.length - 1) * share)] / 1_000;
    }
}
