package dev.reactivecache.internal.read;

import static dev.reactivecache.fake.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Cached;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.fake.HeldSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The ways to read: without loading, with an explanation, and as an operator. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD) // what these tests look for is waiting for ever
class ReadingTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final HeldSource source = new HeldSource();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("reading")
            .timer(timer)
            .jitter(0)
            .ttl(Duration.ofMinutes(1))
            .loader(source)
            .build();

    @Test
    void getNeverLoads() {
        StepVerifier.create(cache.get("k")).verifyComplete();

        assertThat(source.loads()).isZero();
        assertThat(cache.stats().localSize()).as("keys in memory").isZero();
    }

    @Test
    void getDoesNotWaitForALoadOfOthers() {
        CompletableFuture<String> loading = cache.getOrFetch("k").toFuture();

        StepVerifier.create(cache.get("k")).verifyComplete();

        assertThat(loading).isNotDone();
        source.answer(0, "v");
        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();
    }

    @Test
    void aCancelledGetDoesNotCancelTheLoadOfOthers() {
        CompletableFuture<String> loading = cache.getOrFetch("k").toFuture();

        cache.get("k").toFuture().cancel(true);
        source.answer(0, "v");

        assertThat(loading).isCompletedWithValue("v");
    }

    @Test
    void aLookupTellsOriginAgeAndRemainingTtl() {
        CompletableFuture<Cached<String>> loaded = cache.lookup("k").toFuture();
        source.answer(0, "v");

        assertThat(loaded).isCompletedWithValue(new Cached<>("v", Origin.LOADER, Duration.ZERO, Duration.ofMinutes(1)));
        timer.advanceTimeBy(Duration.ofSeconds(20));
        StepVerifier.create(cache.lookup("k"))
                .expectNext(new Cached<>("v", Origin.LOCAL, Duration.ofSeconds(20), Duration.ofSeconds(40)))
                .verifyComplete();
    }

    @Test
    void aLookupUsesTheGivenLoader() {
        StepVerifier.create(cache.lookup("k", key -> Mono.just("own")))
                .assertNext(answer -> assertThat(answer.value()).isEqualTo("own"))
                .verifyComplete();
    }

    @Test
    void aLookupEmitsOneElementAlsoWhenThereIsNoValue() {
        StepVerifier.create(cache.lookup("k", key -> Mono.empty()))
                .expectNext(new Cached<>(null, Origin.LOADER, Duration.ZERO, Duration.ZERO))
                .verifyComplete();
    }

    @Test
    void aLookupJoinsTheLoadOfOthersAndErrorsWithIt() {
        cache.getOrFetch("k").toFuture();
        CompletableFuture<Cached<String>> lookup = cache.lookup("k").toFuture();
        IllegalStateException down = new IllegalStateException("down");

        source.fail(0, down);

        assertThat(source.loads()).isEqualTo(1);
        assertThat(failureOf(lookup)).isSameAs(down);
    }

    @Test
    void theAgeCountsFromTheLoadNotFromTheRead() {
        cache.getOrFetch("k").toFuture();
        timer.advanceTimeBy(Duration.ofSeconds(3));
        source.answer(0, "v");
        timer.advanceTimeBy(Duration.ofSeconds(10));

        StepVerifier.create(cache.lookup("k"))
                .expectNext(new Cached<>("v", Origin.LOCAL, Duration.ofSeconds(10), Duration.ofSeconds(50)))
                .verifyComplete();
    }

    @Test
    void readThroughPutsTheCacheInFrontOfAMono() {
        Mono<String> read = Mono.just("v").transform(cache.readThrough("k"));
        StepVerifier.create(read).expectNext("v").verifyComplete();

        StepVerifier.create(Mono.<String>error(new IllegalStateException("not asked"))
                        .transform(cache.readThrough("k")))
                .expectNext("v")
                .verifyComplete();
    }

    @Test
    void writeThroughAsAnOperatorKeepsTheCacheRight() {
        cache.put("k", "old").block();

        Mono<String> write = Mono.just("new").transform(cache.writeThrough("k"));

        StepVerifier.create(cache.get("k"))
                .as("before it is subscribed to")
                .expectNext("old")
                .verifyComplete();
        StepVerifier.create(write).expectNext("new").verifyComplete();
        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
    }

    @Test
    void cachedWrapsAFunctionThatLoads() {
        Function<String, Mono<String>> cached = cache.cached(source);
        CompletableFuture<String> first = cached.apply("k").toFuture();
        source.answer(0, "v");

        StepVerifier.create(cached.apply("k")).expectNext("v").verifyComplete();

        assertThat(first).isCompletedWithValue("v");
        assertThat(source.loads()).isEqualTo(1);
    }

    @Test
    void theSourceOfAReadIsNotSubscribedToOnAHit() {
        cache.put("k", "v").block();

        StepVerifier.create(cache.getOrFetch("k", Mono.error(new IllegalStateException("not asked"))))
                .expectNext("v")
                .verifyComplete();
    }
}
