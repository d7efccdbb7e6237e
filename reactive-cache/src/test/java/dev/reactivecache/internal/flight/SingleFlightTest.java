package dev.reactivecache.internal.flight;

import static dev.reactivecache.fake.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.fake.HeldSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** G1: any number of concurrent callers of a missing key cause one load. */
class SingleFlightTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("flights")
            .timer(timer)
            .jitter(0)
            .build();
    private final HeldSource source = new HeldSource();

    @Test
    void thousandConcurrentCallersOfAColdKeyCauseOneLoad() throws Exception {
        int threads = 8;
        int callers = 1_000;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CountDownLatch start = new CountDownLatch(1);
        CountDownLatch subscribed = new CountDownLatch(threads);
        ConcurrentLinkedQueue<CompletableFuture<String>> answers = new ConcurrentLinkedQueue<>();
        for (int thread = 0; thread < threads; thread++) {
            pool.execute(() -> {
                awaitQuietly(start);
                for (int i = 0; i < callers / threads; i++) {
                    answers.add(cache.getOrFetch("k", source).toFuture());
                }
                subscribed.countDown();
            });
        }

        start.countDown();
        assertThat(subscribed.await(30, TimeUnit.SECONDS)).isTrue();
        source.answer(0, "v");

        assertThat(source.loads()).as("loads").isEqualTo(1);
        assertThat(answers)
                .hasSize(callers)
                .allSatisfy(answer -> assertThat(answer).isCompletedWithValue("v"));
        assertThat(cache.stats().coalesced()).isEqualTo(callers - 1);
        pool.shutdownNow();
    }

    @Test
    void callersRacingWithTheEndOfAnInstantLoadAllGetItsValueAndItRunsOnce() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        for (int round = 0; round < 500; round++) {
            String key = "k" + round;
            AtomicInteger loads = new AtomicInteger();
            CountDownLatch start = new CountDownLatch(1);
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                answers.add(CompletableFuture.supplyAsync(
                        () -> {
                            awaitQuietly(start);
                            return cache.getOrFetch(key, Mono.fromCallable(() -> "v" + loads.incrementAndGet()))
                                    .block(Duration.ofSeconds(10));
                        },
                        pool));
            }

            start.countDown();

            for (CompletableFuture<String> answer : answers) {
                assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("v1");
            }
            assertThat(loads).hasValue(1);
        }
        pool.shutdownNow();
    }

    @Test
    void theLoaderOfTheCallerWhoCameFirstIsUsed() {
        CompletableFuture<String> first = cache.getOrFetch("k", source).toFuture();
        CompletableFuture<String> second =
                cache.getOrFetch("k", Mono.just("of the second")).toFuture();

        source.answer(0, "of the first");

        assertThat(first).isCompletedWithValue("of the first");
        assertThat(second).isCompletedWithValue("of the first");
    }

    @Test
    void loadsOfDifferentKeysDoNotWaitForEachOther() {
        CompletableFuture<String> slow = cache.getOrFetch("slow", source).toFuture();

        StepVerifier.create(cache.getOrFetch("quick", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();

        assertThat(slow).isNotDone();
    }

    @Test // R13
    void oneErrorReachesAllWaitersAsItIsAndTheNextCallLoadsAnew() {
        List<CompletableFuture<String>> waiters = Flux.range(0, 100)
                .map(i -> cache.getOrFetch("k", source).toFuture())
                .collectList()
                .block();
        IllegalStateException broken = new IllegalStateException("source is down");

        source.fail(0, broken);

        assertThat(waiters).allSatisfy(waiter -> assertThat(failureOf(waiter)).isSameAs(broken));
        assertThat(source.loads())
                .as("no convoy: waiters do not load one after another")
                .isEqualTo(1);
        CompletableFuture<String> next = cache.getOrFetch("k", source).toFuture();
        assertThat(source.loads()).as("loads after the next call").isEqualTo(2);
        source.answer(1, "v");
        assertThat(next).isCompletedWithValue("v");
    }

    @Test // R13
    void aWaiterThatRetriesAfterTheSharedErrorJoinsOneNewLoad() {
        CompletableFuture<String> one = cache.getOrFetch("k", source).retry(1).toFuture();
        CompletableFuture<String> two = cache.getOrFetch("k", source).retry(1).toFuture();

        source.fail(0, new IllegalStateException("once"));
        source.answer(1, "v");

        assertThat(one).isCompletedWithValue("v");
        assertThat(two).isCompletedWithValue("v");
        assertThat(source.loads()).isEqualTo(2);
    }

    @Test
    void aCallerWhoseSubscriberThrowsDoesNotKeepTheValueFromTheOthers() {
        List<Throwable> dropped = new ArrayList<>();
        cache.getOrFetch("k", source)
                .subscribe(
                        value -> {
                            throw new IllegalStateException("broken subscriber");
                        },
                        thrown -> {
                            throw new IllegalStateException("broken to the end", thrown);
                        },
                        null,
                        Context.of("reactor.onErrorDropped.local", (Consumer<Throwable>) dropped::add));
        CompletableFuture<String> other = cache.getOrFetch("k", source).toFuture();

        source.answer(0, "v");

        assertThat(other).isCompletedWithValue("v");
        assertThat(dropped).as("what the subscriber threw").isNotEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
