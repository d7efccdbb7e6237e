package dev.reactivecache.internal.load;

import static dev.reactivecache.fake.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.LoadTimeoutException;
import dev.reactivecache.Loaded;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.fake.HeldSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** R12 and R14: whatever a loader does has a defined outcome, and the next call works. */
class LoaderOutcomesTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("outcomes")
            .timer(timer)
            .jitter(0)
            .loadTimeout(Duration.ofSeconds(5))
            .build();
    private final HeldSource source = new HeldSource();

    @Test // R12
    void aHangingLoaderIsCancelledAndItsCallersGetATimeout() {
        CompletableFuture<String> first = cache.getOrFetch("k", source).toFuture();
        CompletableFuture<String> second = cache.getOrFetch("k", source).toFuture();

        timer.advanceTimeBy(Duration.ofMillis(4_999));
        assertThat(first).isNotDone();
        timer.advanceTimeBy(Duration.ofMillis(1));

        assertThat(failureOf(first))
                .isInstanceOf(LoadTimeoutException.class)
                .hasMessageContaining("loadTimeout (PT5S)")
                .hasMessageContaining("'outcomes'")
                .hasMessageContaining("k");
        assertThat(failureOf(second)).isSameAs(failureOf(first));
        assertThat(source.cancelled()).as("cancelled loads").isEqualTo(1);
    }

    @Test // R12
    void theCallAfterATimeoutLoadsAnew() {
        cache.getOrFetch("k", source).toFuture();
        timer.advanceTimeBy(Duration.ofSeconds(5));

        CompletableFuture<String> next = cache.getOrFetch("k", source).toFuture();
        source.answer(1, "v");

        assertThat(next).isCompletedWithValue("v");
    }

    @Test // R12
    void theTimeoutCountsFromTheStartOfTheLoadNotOfTheCaller() {
        cache.getOrFetch("k", source).toFuture();
        timer.advanceTimeBy(Duration.ofSeconds(4));
        CompletableFuture<String> late = cache.getOrFetch("k", source).toFuture();

        timer.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(failureOf(late)).isInstanceOf(LoadTimeoutException.class);
    }

    @Test
    void aLoadThatEndsInTimeLeavesNoTimeoutBehind() {
        cache.getOrFetch("k", source).toFuture();
        source.answer(0, "v");

        timer.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(cache.stats().loadFailures()).isZero();
        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();
    }

    @Test
    void aValueLivesAsLongAsItsLoaderSays() {
        cache.getOrFetchLoaded("k", key -> Mono.just(Loaded.of("v").withTtl(Duration.ofSeconds(7))))
                .block();

        timer.advanceTimeBy(Duration.ofMillis(6_999));
        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();
        timer.advanceTimeBy(Duration.ofMillis(1));
        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @TestFactory
    Stream<DynamicTest> aValueWhoseTimeIsOverReachesItsCallersAndIsNotStored() {
        return Stream.of(Duration.ofSeconds(-60), Duration.ZERO, Duration.ofNanos(999_999))
                .map(ttl -> DynamicTest.dynamicTest(ttl.toString(), () -> {
                    String token = cache.getOrFetchLoaded(
                                    "token", key -> Mono.just(Loaded.of("t").withTtl(ttl)))
                            .block();

                    assertThat(token).isEqualTo("t");
                    StepVerifier.create(cache.get("token")).verifyComplete();
                }));
    }

    @Test
    void aTimeToLiveBeyondTheLongestIsTheLongest() {
        assertThat(Loaded.of("v")
                        .withTtl(Duration.ofSeconds(Long.MAX_VALUE))
                        .options()
                        .ttl())
                .isEqualTo(Duration.ofDays(1_000));
    }

    @Test // R14
    void whatALoaderThrowsReachesTheCallersUnwrapped() {
        IllegalArgumentException thrown = new IllegalArgumentException("thrown, not signalled");

        StepVerifier.create(cache.getOrFetch("k", key -> {
                    throw thrown;
                }))
                .verifyErrorSatisfies(failure -> assertThat(failure).isSameAs(thrown));

        assertNextCallLoads();
    }

    @Test // R14
    void aCheckedErrorReachesTheCallersUnwrapped() {
        IOException checked = new IOException("checked");

        StepVerifier.create(cache.getOrFetch("k", key -> Mono.error(checked)))
                .verifyErrorSatisfies(failure -> assertThat(failure).isSameAs(checked));

        assertNextCallLoads();
    }

    @Test // R14
    void aLoaderThatReturnsNullIsAClearError() {
        StepVerifier.create(cache.getOrFetch("k", key -> null))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(NullPointerException.class)
                        .hasMessage("the loader of cache 'outcomes' returned null for key k"));

        assertNextCallLoads();
    }

    @Test // R14
    void anEmptyLoaderGivesAnEmptyAnswerThatIsNotRemembered() {
        CompletableFuture<String> first = cache.getOrFetch("k", source).toFuture();
        CompletableFuture<String> second = cache.getOrFetch("k", source).toFuture();

        source.answerNothing(0);

        assertThat(first).isCompletedWithValue(null);
        assertThat(second).isCompletedWithValue(null);
        assertThat(cache.stats().localSize()).isZero();
        assertNextCallLoads();
    }

    @Test // R14
    void theValueCountsWhenALoaderEmitsAndThenErrors() {
        TestPublisher<String> misbehaving =
                TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        IllegalStateException late = new IllegalStateException("after the value");
        List<Throwable> dropped = new ArrayList<>();
        CompletableFuture<String> answer = cache.getOrFetch("k", fromDirect(misbehaving))
                .contextWrite(Context.of("reactor.onErrorDropped.local", (Consumer<Throwable>) dropped::add))
                .toFuture();

        misbehaving.next("v");
        misbehaving.error(late);

        assertThat(answer).isCompletedWithValue("v");
        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();
        assertThat(cache.stats().loads()).isEqualTo(1);
        assertThat(dropped).containsExactly(late);
    }

    @Test // R14
    void theFirstValueCountsWhenALoaderEmitsSeveral() {
        StepVerifier.create(cache.getOrFetch("k", fromDirect(Flux.just("v1", "v2"))))
                .expectNext("v1")
                .verifyComplete();

        StepVerifier.create(cache.get("k")).expectNext("v1").verifyComplete();
    }

    @Test
    void aLoaderThatBlocksOnAThreadThatMustNotBlockIsFoundOut() {
        Mono<String> blocking = Mono.fromCallable(() -> {
                    Thread.sleep(1);
                    return "v";
                })
                .subscribeOn(Schedulers.parallel());

        Mono<String> read =
                ReactiveCache.<String, String>builder("real-time").build().getOrFetch("k", blocking);

        StepVerifier.create(read)
                .verifyErrorSatisfies(failure -> assertThat(failure).isInstanceOf(BlockingOperationError.class));
    }

    private static Mono<String> fromDirect(Publisher<String> several) {
        return Mono.fromDirect(several);
    }

    private void assertNextCallLoads() {
        StepVerifier.create(cache.getOrFetch("k", key -> Mono.just("next")))
                .expectNext("next")
                .verifyComplete();
    }
}
