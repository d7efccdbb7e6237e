package dev.reactivecache.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheStats;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** G3: nothing happens before subscription, each subscription looks up anew, and Context reaches the loader. */
class LazinessTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final AtomicInteger calls = new AtomicInteger();
    private final ReactiveCache<String, String> cache =
            builder().loader(key -> Mono.just("v" + calls.incrementAndGet())).build();

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("lazy")
                .timer(timer)
                .jitter(0)
                .ttl(Duration.ofMinutes(1));
    }

    @Test
    void noOperationDoesAnythingBeforeItIsSubscribedTo() {
        StepVerifier.create(cache.getOrFetch("kept")).expectNext("v1").verifyComplete();
        CacheStats before = cache.stats();

        cache.get("kept");
        cache.getOrFetch("k");
        cache.getOrFetch("k", Mono.fromCallable(() -> "v" + calls.incrementAndGet()));
        cache.lookup("k");
        cache.put("kept", "other");
        cache.writeThrough("kept", Mono.fromCallable(() -> "v" + calls.incrementAndGet()));
        cache.deleteThrough("kept", Mono.fromRunnable(calls::incrementAndGet));
        cache.invalidate("kept");
        cache.invalidateAll(java.util.List.of("kept"));
        cache.close();

        assertThat(calls).as("calls of the source").hasValue(1);
        assertThat(cache.stats()).isEqualTo(before);
        StepVerifier.create(cache.get("kept")).expectNext("v1").verifyComplete();
    }

    @Test
    void eachSubscriptionLooksUpAnew() {
        Mono<String> read = cache.getOrFetch("k");
        StepVerifier.create(read).expectNext("v1").verifyComplete();
        StepVerifier.create(read).as("kept").expectNext("v1").verifyComplete();

        timer.advanceTimeBy(Duration.ofMinutes(1));

        StepVerifier.create(read).as("expired").expectNext("v2").verifyComplete();
    }

    @Test
    void repeatAndRetryReadAgain() {
        Flux<String> reads = cache.getOrFetch("k")
                .flatMap(value -> cache.invalidate("k").thenReturn(value))
                .repeat(2);

        StepVerifier.create(reads).expectNext("v1", "v2", "v3").verifyComplete();
    }

    @Test
    void theLoaderSeesTheContextOfTheCallerWhoStartedIt() {
        Sinks.One<String> go = Sinks.one();
        Mono<String> whoAsks =
                Mono.deferContextual(context -> go.asMono().map(same -> context.getOrDefault("user", "nobody")));
        CompletableFuture<String> leader = cache.getOrFetch("k", whoAsks)
                .contextWrite(Context.of("user", "leader"))
                .toFuture();
        CompletableFuture<String> other = cache.getOrFetch("k", whoAsks)
                .contextWrite(Context.of("user", "other"))
                .toFuture();

        go.tryEmitValue("").orThrow();

        assertThat(leader).isCompletedWithValue("leader");
        assertThat(other).isCompletedWithValue("leader");
    }

    @Test
    void theLoaderSeesOnlyTheChosenPartOfTheContext() {
        ReactiveCache<String, String> choosy = builder()
                .loaderContext(callers -> Context.of("tenant", callers.get("tenant")))
                .build();
        Mono<String> whoAsks = Mono.deferContextual(context ->
                Mono.just(context.getOrDefault("tenant", "none") + "/" + context.getOrDefault("user", "nobody")));

        Mono<String> read = choosy.getOrFetch("k", whoAsks).contextWrite(Context.of("tenant", "t", "user", "u"));

        StepVerifier.create(read).expectNext("t/nobody").verifyComplete();
    }

    @Test
    void aLoaderContextThatThrowsFailsItsCallOnlyAndTheNextOneLoads() {
        ReactiveCache<String, String> strict = builder()
                .loaderContext(callers -> Context.of("tenant", callers.get("tenant")))
                .build();

        StepVerifier.create(strict.getOrFetch("k", Mono.just("v"))).verifyError(java.util.NoSuchElementException.class);

        CompletableFuture<String> next = strict.getOrFetch("k", Mono.just("v"))
                .contextWrite(Context.of("tenant", "t"))
                .toFuture();
        assertThat(next).isCompletedWithValue("v");
    }

    @Test
    void aHitIsEmittedOnTheSubscribingThreadWithoutAHop() {
        StepVerifier.create(cache.getOrFetch("k")).expectNextCount(1).verifyComplete();
        Thread[] emitter = new Thread[1];

        cache.getOrFetch("k").subscribe(value -> emitter[0] = Thread.currentThread());

        assertThat(emitter[0]).isSameAs(Thread.currentThread());
    }

    @Test
    void aHitWaitsUntilItIsRequested() {
        StepVerifier.create(cache.getOrFetch("k")).expectNextCount(1).verifyComplete();

        StepVerifier.create(cache.getOrFetch("k"), 0)
                .expectSubscription()
                .then(() -> {})
                .thenRequest(1)
                .expectNext("v1")
                .verifyComplete();
    }
}
