package dev.reactivecache.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.fake.HeldSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** G4 and R1, in memory: after an invalidation no later read returns what was loaded before it. */
class InvalidateTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("invalidated")
            .timer(timer)
            .jitter(0)
            .build();
    private final HeldSource source = new HeldSource();

    @Test
    void aKeptValueIsGoneAndTheNextReadLoadsAnew() {
        StepVerifier.create(cache.getOrFetch("k", Mono.just("old")))
                .expectNext("old")
                .verifyComplete();

        cache.invalidate("k").block();

        StepVerifier.create(cache.get("k")).verifyComplete();
        StepVerifier.create(cache.getOrFetch("k", Mono.just("new")))
                .expectNext("new")
                .verifyComplete();
    }

    @Test
    void otherKeysStay() {
        StepVerifier.create(cache.getOrFetch("other", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();

        cache.invalidate("k").block();

        StepVerifier.create(cache.get("other")).expectNext("v").verifyComplete();
    }

    @Test // R1
    void aLoadUnderWayStillAnswersThoseWhoJoinedItAndIsNotStored() {
        CompletableFuture<String> first = cache.getOrFetch("k", source).toFuture();
        CompletableFuture<String> second = cache.getOrFetch("k", source).toFuture();

        cache.invalidate("k").block();
        source.answer(0, "from before");

        assertThat(first).isCompletedWithValue("from before");
        assertThat(second).isCompletedWithValue("from before");
        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test // R1
    void aReadAfterTheInvalidationDoesNotJoinTheLoadFromBefore() {
        CompletableFuture<String> before = cache.getOrFetch("k", source).toFuture();
        cache.invalidate("k").block();

        CompletableFuture<String> after = cache.getOrFetch("k", source).toFuture();
        source.answer(0, "from before");

        assertThat(before).isCompletedWithValue("from before");
        assertThat(after).isNotDone();
        source.answer(1, "from after");
        assertThat(after).isCompletedWithValue("from after");
        StepVerifier.create(cache.get("k")).expectNext("from after").verifyComplete();
    }

    @Test // R1
    void aLoadFromBeforeThatEndsLastDoesNotReplaceTheNewerOne() {
        cache.getOrFetch("k", source).toFuture();
        cache.invalidate("k").block();
        cache.getOrFetch("k", source).toFuture();

        source.answer(1, "from after");
        source.answer(0, "from before");

        StepVerifier.create(cache.get("k")).expectNext("from after").verifyComplete();
    }

    @Test
    void cancellingALoadFromBeforeDoesNotHarmTheOneFromAfter() {
        CompletableFuture<String> before = cache.getOrFetch("k", source).toFuture();
        cache.invalidate("k").block();
        CompletableFuture<String> after = cache.getOrFetch("k", source).toFuture();

        before.cancel(true);
        source.answer(1, "from after");

        assertThat(source.cancelled()).isEqualTo(1);
        assertThat(after).isCompletedWithValue("from after");
        StepVerifier.create(cache.get("k")).expectNext("from after").verifyComplete();
    }

    @Test
    void allGivenKeysAreInvalidatedEachOnce() {
        for (String key : List.of("a", "b", "c")) {
            cache.put(key, "v").block();
        }
        long before = cache.stats().invalidations();

        cache.invalidateAll(List.of("a", "b", "a")).block();

        StepVerifier.create(cache.get("a")).verifyComplete();
        StepVerifier.create(cache.get("b")).verifyComplete();
        StepVerifier.create(cache.get("c")).expectNext("v").verifyComplete();
        assertThat(cache.stats().invalidations() - before).isEqualTo(2);
    }

    @Test
    void invalidatingNothingCompletes() {
        StepVerifier.create(cache.invalidateAll(List.of())).verifyComplete();
        StepVerifier.create(cache.invalidate("never seen")).verifyComplete();
    }

    @Test
    void aReadThatBeginsAfterAnInvalidationNeverReturnsAnOlderVersionThanTheSourceHadThen() throws Exception {
        AtomicInteger version = new AtomicInteger();
        Mono<String> load = Mono.fromCallable(version::get).map(String::valueOf);
        ExecutorService readers = Executors.newFixedThreadPool(3);
        AtomicBoolean stop = new AtomicBoolean();
        List<CompletableFuture<Void>> reading = IntStream.range(0, 3)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> {
                            while (!stop.get()) {
                                cache.getOrFetch("k", load).block();
                            }
                        },
                        readers))
                .toList();

        for (int changed = 1; changed <= 5_000; changed++) {
            version.set(changed);
            cache.invalidate("k").block();

            String read = cache.getOrFetch("k", load).block();

            assertThat(read).isEqualTo(String.valueOf(changed));
        }
        stop.set(true);
        readers.shutdown();
        assertThat(readers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(reading).allSatisfy(reader -> assertThat(reader).isCompleted());
    }
}
