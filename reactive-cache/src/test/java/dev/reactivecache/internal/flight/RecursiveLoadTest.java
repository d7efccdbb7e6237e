package dev.reactivecache.internal.flight;

import static dev.reactivecache.fake.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.RecursiveLoadException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** R21: a load that would wait for itself gets a clear error instead of waiting for its timeout. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD) // what these tests look for is waiting for ever
class RecursiveLoadTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("recursive")
            .timer(timer)
            .jitter(0)
            .build();

    @Test
    void aLoaderThatReadsItsOwnKeyGetsAnError() {
        Mono<String> read = cache.getOrFetch("k", key -> cache.getOrFetch(key, Mono.just("inner")));

        StepVerifier.create(read)
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(RecursiveLoadException.class)
                        .hasMessageContaining("'recursive'")
                        .hasMessageContaining("k"));
    }

    @Test
    void aLoaderMayAnswerTheErrorOfReadingItsOwnKey() {
        Mono<String> read = cache.getOrFetch(
                "k",
                key -> cache.getOrFetch(key, Mono.just("inner"))
                        .onErrorResume(RecursiveLoadException.class, e -> Mono.just("outer")));

        StepVerifier.create(read).expectNext("outer").verifyComplete();
        StepVerifier.create(cache.get("k")).expectNext("outer").verifyComplete();
    }

    @Test
    void theErrorIsFoundAcrossThreads() {
        Mono<String> read = cache.getOrFetch(
                "k",
                key -> Mono.just(key)
                        .publishOn(Schedulers.parallel())
                        .flatMap(same -> cache.getOrFetch(same, Mono.just("inner"))));

        StepVerifier.create(read).expectError(RecursiveLoadException.class).verify(Duration.ofSeconds(10));
    }

    @Test
    void aCircleThroughOtherKeysGetsAnError() {
        Mono<String> read = cache.getOrFetch(
                "a", a -> cache.getOrFetch("b", b -> cache.getOrFetch("c", c -> cache.getOrFetch("a", Mono.just("")))));

        StepVerifier.create(read).verifyError(RecursiveLoadException.class);
    }

    @Test
    void twoKeysThatWaitForEachOtherLedByDifferentCallersGetAnError() {
        Sinks.One<String> goA = Sinks.one();
        Sinks.One<String> goB = Sinks.one();
        CompletableFuture<String> a = cache.getOrFetch(
                        "a", goA.asMono().flatMap(go -> cache.getOrFetch("b", Mono.just("unused"))))
                .toFuture();
        CompletableFuture<String> b = cache.getOrFetch(
                        "b", goB.asMono().flatMap(go -> cache.getOrFetch("a", Mono.just("unused"))))
                .toFuture();

        goA.tryEmitValue("").orThrow();
        assertThat(a).as("a waits for b").isNotDone();
        goB.tryEmitValue("").orThrow();

        assertThat(failureOf(b)).isInstanceOf(RecursiveLoadException.class);
        assertThat(failureOf(a)).isSameAs(failureOf(b));
    }

    @Test
    void twoKeysThatCloseTheCircleAtTheSameMomentAreNeverLeftWaiting() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        for (int round = 0; round < 1_000; round++) {
            String keyA = "a" + round;
            String keyB = "b" + round;
            Sinks.One<String> goA = Sinks.one();
            Sinks.One<String> goB = Sinks.one();
            CompletableFuture<String> a = cache.getOrFetch(
                            keyA, goA.asMono().flatMap(go -> cache.getOrFetch(keyB, Mono.just("unused"))))
                    .toFuture();
            CompletableFuture<String> b = cache.getOrFetch(
                            keyB, goB.asMono().flatMap(go -> cache.getOrFetch(keyA, Mono.just("unused"))))
                    .toFuture();

            pool.execute(() -> goA.tryEmitValue(""));
            pool.execute(() -> goB.tryEmitValue(""));

            CompletableFuture.allOf(a, b).handle((v, e) -> "").get(10, TimeUnit.SECONDS);
            assertThat(failureOf(a)).isInstanceOf(RecursiveLoadException.class);
            assertThat(failureOf(b)).isInstanceOf(RecursiveLoadException.class);
        }
        pool.shutdownNow();
    }

    @Test
    void loadsThatShareAnotherLoadWithoutACircleAllEnd() {
        Sinks.One<String> shared = Sinks.one();
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (String key : List.of("a", "b", "c")) {
            all.add(cache.getOrFetch(
                            key,
                            same -> Mono.zip(
                                    cache.getOrFetch("shared", shared.asMono()),
                                    cache.getOrFetch("shared", shared.asMono()),
                                    (one, two) -> same + one + two))
                    .toFuture());
        }

        shared.tryEmitValue("!").orThrow();

        assertThat(all.get(0)).isCompletedWithValue("a!!");
        assertThat(all.get(1)).isCompletedWithValue("b!!");
        assertThat(all.get(2)).isCompletedWithValue("c!!");
    }

    @Test
    void aWaitThatWasGivenUpClosesNoCircle() {
        Sinks.One<String> b = Sinks.one();
        CompletableFuture<String> readB = cache.getOrFetch(
                        "b", b.asMono().flatMap(go -> cache.getOrFetch("a", Mono.just("unused"))))
                .toFuture();
        Sinks.One<String> a = Sinks.one();
        CompletableFuture<String> readA = cache.getOrFetch(
                        "a",
                        Mono.firstWithSignal(cache.getOrFetch("b", Mono.just("unused")), Mono.just("given up"))
                                .flatMap(given -> a.asMono()))
                .toFuture();

        b.tryEmitValue("").orThrow();
        a.tryEmitValue("va").orThrow();

        assertThat(readA).isCompletedWithValue("va");
        assertThat(readB).isCompletedWithValue("va");
    }

    @Test
    void aCircleIsFoundAlsoWhenOneOfTwoWaitsForTheSameLoadWasGivenUp() {
        Sinks.One<String> b = Sinks.one();
        CompletableFuture<String> readB = cache.getOrFetch(
                        "b", b.asMono().flatMap(go -> cache.getOrFetch("a", Mono.just("unused"))))
                .toFuture();
        Mono<String> waitsForB = cache.getOrFetch("b", Mono.just("unused"));
        cache.getOrFetch(
                        "a",
                        Mono.zip(
                                waitsForB,
                                Mono.firstWithSignal(waitsForB, Mono.just("given up")),
                                (given, up) -> given + up))
                .toFuture();

        b.tryEmitValue("").orThrow();

        assertThat(failureOf(readB)).isInstanceOf(RecursiveLoadException.class);
    }

    @Test
    void theErrorIsFoundAlsoIfLoadersDoNotSeeTheCallersContext() {
        ReactiveCache<String, String> contextFree = ReactiveCache.<String, String>builder("context-free")
                .timer(timer)
                .loaderContext(callers -> Context.empty())
                .build();

        Mono<String> read = contextFree.getOrFetch("k", key -> contextFree.getOrFetch(key, Mono.just("inner")));

        StepVerifier.create(read).verifyError(RecursiveLoadException.class);
    }

    @Test
    void aLoaderMayReadItsOwnKeyWithoutLoading() {
        Mono<String> read = cache.getOrFetch("k", key -> cache.get(key).defaultIfEmpty("nothing yet"));

        StepVerifier.create(read).expectNext("nothing yet").verifyComplete();
    }
}
