package dev.reactivecache.benchmarks;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.local.LocalTier;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * A hit in memory: {@code getOrFetch} beside Caffeine's bare {@code AsyncCache.getIfPresent}, and beside what everybody
 * writes around it, {@code Mono.fromFuture}. All three caches are bounded alike and expire after a write, as a user
 * would have them. Run with {@code -prof gc} for the bytes of each operation.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class L1Hit {
    private static final int KEYS = 1_024;
    private static final Duration TTL = Duration.ofMinutes(30);

    private final Integer[] keys = new Integer[KEYS];
    private final AsyncCache<Integer, String> caffeine =
            Caffeine.newBuilder().maximumSize(10 * KEYS).expireAfterWrite(TTL).buildAsync();
    private final ReactiveCache<Integer, String> ours = ReactiveCache.<Integer, String>builder("benchmark")
            .local(LocalTier.maximumSize(10 * KEYS))
            .ttl(TTL)
            .loader(key -> Mono.just("loaded"))
            .build();
    private final Function<Integer, Mono<String>> throughOurs = ours::getOrFetch;
    private final Function<Integer, Mono<String>> throughFuture = this::fromFuture;
    private final Function<Integer, String> bare = this::bareLookup;
    private final Function<Integer, Mono<String>> bareMono = this::bareMono;

    /** Fills both caches. */
    @Setup
    public void fill() {
        for (int i = 0; i < KEYS; i++) {
            keys[i] = i + 1_000;
            caffeine.put(keys[i], CompletableFuture.completedFuture("value"));
            ours.put(keys[i], "value").block();
        }
    }

    /** One thread's place in the keys, and its subscriber, which is as cheap as one can be. */
    @State(Scope.Thread)
    public static class Reader implements CoreSubscriber<String> {
        private int turn;
        private @Nullable String last;

        Integer next(Integer[] keys) {
            return keys[turn++ & KEYS - 1];
        }

        @Nullable
        String take() {
            String taken = last;
            last = null;
            return taken;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String value) {
            last = value;
        }

        @Override
        public void onError(Throwable failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void onComplete() {}
    }

    private String bareLookup(Integer key) {
        return requireNonNull(caffeine.getIfPresent(key)).join();
    }

    private Mono<String> bareMono(Integer key) {
        return Mono.just(bareLookup(key));
    }

    private Mono<String> fromFuture(Integer key) {
        return Mono.fromFuture(caffeine.get(key, missing -> "loaded"), true);
    }

    /** The bare lookup, without a publisher. */
    @Benchmark
    public String bareLookup(Reader reader) {
        return bareLookup(reader.next(keys));
    }

    /** {@code Mono.fromFuture} around Caffeine, subscribed. */
    @Benchmark
    public @Nullable String fromFutureSubscribed(Reader reader) {
        fromFuture(reader.next(keys)).subscribe(reader);
        return reader.take();
    }

    /** {@code getOrFetch}, subscribed. */
    @Benchmark
    public @Nullable String getOrFetchSubscribed(Reader reader) {
        ours.getOrFetch(reader.next(keys)).subscribe(reader);
        return reader.take();
    }

    /** The bare lookup in a chain: what the chain itself costs. */
    @Benchmark
    public @Nullable String bareLookupInMap(Reader reader) {
        Mono.just(reader.next(keys)).map(bare).subscribe(reader);
        return reader.take();
    }

    /**
     * The bare lookup under {@code flatMap}, which must be given a publisher: the cheapest there is, of what is known.
     */
    @Benchmark
    public @Nullable String bareLookupInFlatMap(Reader reader) {
        Mono.just(reader.next(keys)).flatMap(bareMono).subscribe(reader);
        return reader.take();
    }

    /** {@code Mono.fromFuture} in a chain. */
    @Benchmark
    public @Nullable String fromFutureInFlatMap(Reader reader) {
        Mono.just(reader.next(keys)).flatMap(throughFuture).subscribe(reader);
        return reader.take();
    }

    /** {@code getOrFetch} in a chain. */
    @Benchmark
    public @Nullable String getOrFetchInFlatMap(Reader reader) {
        Mono.just(reader.next(keys)).flatMap(throughOurs).subscribe(reader);
        return reader.take();
    }
}
