package dev.reactivecache.benchmarks.memory;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.benchmarks.memory.MemorySection.Holder;
import dev.reactivecache.benchmarks.peer.Peer;
import dev.reactivecache.local.LocalTier;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Loads under way: of a source that never answers, each of a key of its own, and each with one subscriber, which is
 * counted, as is what waits in the scheduler of timeouts. Ours ends a load that takes too long; so there is a peer that
 * does, too.
 */
final class HeapLoads {
    private static final Duration TTL = Duration.ofMinutes(30);
    private static final int FIRST_KEY = 1_000;

    private HeapLoads() {}

    static List<Holder> contenders(int loads) {
        return List.of(
                new Holder(Peer.OURS.title(), () -> ours(loads)),
                new Holder("Mono.fromFuture", () -> bare(loads, load -> load)),
                new Holder("Mono.fromFuture, load with timeout", () -> bare(loads, load -> load.timeout(TTL))));
    }

    private static double ours(int loads) {
        ReactiveCache<Integer, String> cache = ReactiveCache.<Integer, String>builder("memory")
                .local(LocalTier.<Integer, String>maximumSize(2L * loads).withTtl(TTL))
                .ttl(TTL)
                .loadTimeout(TTL)
                .loader(key -> Mono.never())
                .build();
        return each(cache, loads, cache::getOrFetch);
    }

    private static double bare(int loads, UnaryOperator<Mono<String>> limited) {
        AsyncCache<Integer, String> cache = Caffeine.newBuilder()
                .maximumSize(2L * loads)
                .expireAfterWrite(TTL)
                .buildAsync();
        try {
            return each(
                    cache,
                    loads,
                    key -> Mono.fromFuture(cache.get(
                            key,
                            (missing, executor) -> limited.apply(Mono.never()).toFuture())));
        } finally {
            cache.asMap().values().forEach(load -> load.cancel(false));
        }
    }

    private static double each(Object cache, int loads, IntFunction<Mono<String>> read) {
        Disposable.Composite readers = Disposables.composite();
        try {
            return HeapGraph.each(
                    new Object[] {cache, Schedulers.parallel()},
                    loads,
                    i -> readers.add(read.apply(FIRST_KEY + i).subscribe()));
        } finally {
            readers.dispose();
        }
    }
}
