package dev.reactivecache.benchmarks.growth;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.benchmarks.Contender;
import dev.reactivecache.benchmarks.peer.Peer;
import dev.reactivecache.local.LocalTier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** Reads of what is in memory, by one thread, which begins the next when one has ended. */
final class LocalReads {
    private static final Duration TTL = Duration.ofMinutes(30);
    /** Prime, so that every key has its turn, and far, so that no turn is near the last. */
    private static final int STRIDE = 7_919;
    /** Between looks at the clock. */
    private static final int BATCH = 1_000;

    private final Integer[] keys;
    private final AsyncCache<Integer, String> caffeine;
    private final ReactiveCache<Integer, String> ours;

    LocalReads(int count) {
        this.keys = IntStream.range(1_000, 1_000 + count).boxed().toArray(Integer[]::new);
        this.caffeine = Caffeine.newBuilder()
                .maximumSize(2L * count)
                .expireAfterWrite(TTL)
                .buildAsync();
        this.ours = ReactiveCache.<Integer, String>builder("growth")
                .local(LocalTier.<Integer, String>maximumSize(2L * count).withTtl(TTL))
                .ttl(TTL)
                .loader(key -> Mono.error(new IllegalStateException(key + " is not there")))
                .build();
        for (Integer key : keys) {
            caffeine.put(key, CompletableFuture.completedFuture("value"));
            ours.put(key, "value").block();
        }
    }

    List<Contender> contenders() {
        return List.of(
                contender(Peer.OURS.title(), ours::getOrFetch),
                contender("Mono.fromFuture", key -> Mono.fromFuture(bare(key), true)),
                new Contender("Caffeine alone, no publisher", nanos -> {
                    Reader reader = new Reader();
                    return run(nanos, key -> reader.onNext(bare(key).join()), reader);
                }));
    }

    private CompletableFuture<String> bare(Integer key) {
        return requireNonNull(caffeine.getIfPresent(key), "is not there");
    }

    private Contender contender(String name, Function<Integer, Mono<String>> read) {
        return new Contender(name, nanos -> {
            Reader reader = new Reader();
            return run(nanos, key -> read.apply(key).subscribe(reader), reader);
        });
    }

    /** One read of a key. */
    private interface Read {
        void of(Integer key);
    }

    private long run(long nanos, Read read, Reader reader) {
        long end = System.nanoTime() + nanos;
        int at = 0;
        long done = 0;
        while (System.nanoTime() - end < 0) {
            for (int i = 0; i < BATCH; i++) {
                read.of(keys[at]);
                at = (at + STRIDE) % keys.length;
            }
            done += BATCH;
        }
        if (reader.values != done) {
            throw new IllegalStateException(reader.values + " values of " + done + " reads");
        }
        return done;
    }

    /** Counts values. */
    private static final class Reader implements CoreSubscriber<String> {
        private long values;

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String value) {
            if (!value.isEmpty()) {
                values++;
            }
        }

        @Override
        public void onError(Throwable failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void onComplete() {}
    }
}
