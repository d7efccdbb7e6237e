package dev.reactivecache.internal.write;

import static dev.reactivecache.fake.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.local.LocalTier;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Writes through an in-memory cache: after one has completed, nothing from before it is read. */
class WriteThroughTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("written")
            .timer(timer)
            .jitter(0)
            .build();
    private final HeldSource source = new HeldSource();
    private final Sinks.One<String> write = Sinks.one();

    @Test
    void whatTheWriteEmitsIsHandedOnAndIsThenInTheCache() {
        cache.put("k", "old").block();

        StepVerifier.create(cache.writeThrough("k", Mono.just("new")))
                .expectNext("new")
                .verifyComplete();

        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
    }

    @Test
    void theOldValueIsNotServedWhileTheWriteIsUnderWay() {
        cache.put("k", "old").block();

        CompletableFuture<String> writing =
                cache.writeThrough("k", write.asMono()).toFuture();

        assertThat(writing).isNotDone();
        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test
    void aLoadFromBeforeTheWriteIsNotStored() {
        CompletableFuture<String> loading = cache.getOrFetch("k", source).toFuture();

        cache.writeThrough("k", Mono.just("new")).block();
        source.answer(0, "old");

        assertThat(loading).isCompletedWithValue("old");
        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
    }

    @Test
    void aLoadThatBeganDuringTheWriteIsNotStoredWhenItEndsAfterIt() {
        cache.writeThrough("k", write.asMono()).toFuture();
        CompletableFuture<String> loading = cache.getOrFetch("k", source).toFuture();

        write.tryEmitValue("new").orThrow();
        source.answer(0, "old");

        assertThat(loading).isCompletedWithValue("old");
        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
    }

    @Test
    void aLoadThatEndedDuringTheWriteIsNotReadAfterIt() {
        CompletableFuture<String> writing =
                cache.writeThrough("k", write.asMono()).toFuture();
        StepVerifier.create(cache.getOrFetch("k", Mono.just("old")))
                .expectNext("old")
                .verifyComplete();

        write.tryEmitValue("new").orThrow();

        assertThat(writing).isCompletedWithValue("new");
        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
    }

    @Test
    void overlappingWritersLeaveTheKeyAbsentWhicheverEndsLast() {
        Sinks.One<String> second = Sinks.one();
        CompletableFuture<String> one = cache.writeThrough("k", write.asMono()).toFuture();
        CompletableFuture<String> two = cache.writeThrough("k", second.asMono()).toFuture();

        second.tryEmitValue("newer").orThrow();
        StepVerifier.create(cache.get("k")).as("after the first end").verifyComplete();
        write.tryEmitValue("older").orThrow();

        assertThat(one).isCompletedWithValue("older");
        assertThat(two).isCompletedWithValue("newer");
        StepVerifier.create(cache.get("k")).as("after both").verifyComplete();
    }

    @Test
    void aWriteAfterOverlappingOnesIsStoredAgain() {
        Sinks.One<String> second = Sinks.one();
        cache.writeThrough("k", write.asMono()).toFuture();
        cache.writeThrough("k", second.asMono()).toFuture();
        write.tryEmitValue("one").orThrow();
        second.tryEmitValue("two").orThrow();

        cache.writeThrough("k", Mono.just("three")).block();

        StepVerifier.create(cache.get("k")).expectNext("three").verifyComplete();
    }

    @Test
    void anInvalidationDuringTheWriteLeavesTheKeyAbsent() {
        CompletableFuture<String> writing =
                cache.writeThrough("k", write.asMono()).toFuture();

        cache.invalidate("k").block();
        write.tryEmitValue("new").orThrow();

        assertThat(writing).isCompletedWithValue("new");
        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test
    void aPutDuringTheWriteIsNotStoredAndLeavesTheKeyAbsent() {
        cache.writeThrough("k", write.asMono()).toFuture();

        cache.put("k", "put").block();
        StepVerifier.create(cache.get("k")).as("during the write").verifyComplete();
        write.tryEmitValue("written").orThrow();

        StepVerifier.create(cache.get("k")).as("after the write").verifyComplete();
    }

    @Test
    void theErrorOfTheWriteIsHandedOnAndLeavesTheKeyAbsent() {
        cache.put("k", "old").block();
        IllegalStateException refused = new IllegalStateException("refused");

        StepVerifier.create(cache.writeThrough("k", Mono.error(refused)))
                .verifyErrorSatisfies(failure -> assertThat(failure).isSameAs(refused));

        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test
    void aWriteThatEmitsNothingLeavesTheKeyAbsent() {
        cache.put("k", "old").block();

        StepVerifier.create(cache.writeThrough("k", Mono.empty())).verifyComplete();

        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test
    void cancellingCancelsTheWriteAndLeavesTheKeyAbsent() {
        cache.put("k", "old").block();
        CompletableFuture<String> writing =
                cache.writeThrough("k", source.apply("k")).toFuture();

        writing.cancel(true);

        assertThat(source.cancelled()).as("cancelled writes").isEqualTo(1);
        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test
    void aSubscriberThatCancelsOnceItHasTheValueLeavesItInTheCache() {
        StepVerifier.create(cache.writeThrough("k", Mono.just("new")).flux().next())
                .expectNext("new")
                .verifyComplete();

        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
    }

    @Test
    void failedAndCancelledWritesDoNotStandInTheWayOfLaterOnes() {
        cache.writeThrough("k", Mono.error(new IllegalStateException("refused")))
                .onErrorComplete()
                .block();
        cache.writeThrough("k", Mono.never()).toFuture().cancel(true);

        cache.put("k", "v").block();

        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();
    }

    @Test
    void aWriteIsDoneOncePerSubscription() {
        Mono<String> writing = cache.writeThrough("k", source.apply("k"));
        CompletableFuture<String> one = writing.toFuture();
        source.answer(0, "one");
        CompletableFuture<String> two = writing.toFuture();
        source.answer(1, "two");

        assertThat(one).isCompletedWithValue("one");
        assertThat(two).isCompletedWithValue("two");
        StepVerifier.create(cache.get("k")).expectNext("two").verifyComplete();
    }

    @Test
    void deleteThroughDropsTheKeyOnceTheSourceHasDeleted() {
        cache.put("k", "v").block();
        CompletableFuture<Void> deleting =
                cache.deleteThrough("k", write.asMono()).toFuture();
        StepVerifier.create(cache.getOrFetch("k", Mono.just("old")))
                .expectNext("old")
                .verifyComplete();

        write.tryEmitValue("deleted rows: 1").orThrow();

        assertThat(deleting).isCompletedWithValue(null);
        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test
    void theErrorOfADeleteIsHandedOn() {
        IllegalStateException refused = new IllegalStateException("refused");

        CompletableFuture<Void> deleting =
                cache.deleteThrough("k", Mono.error(refused)).toFuture();

        assertThat(failureOf(deleting)).isSameAs(refused);
    }

    @Test
    void aWeigherThatFailsNeitherFailsTheWriteNorKeepsTheOldValueNorBlocksTheKey() {
        ReactiveCache<String, String> weighing = ReactiveCache.<String, String>builder("weighing")
                .timer(timer)
                .local(LocalTier.<String, String>maximumWeight(100, (key, value) -> {
                    if (value.equals("heavy")) {
                        throw new IllegalStateException("broken weigher");
                    }
                    return 1;
                }))
                .build();
        weighing.put("k", "old").block();

        StepVerifier.create(weighing.writeThrough("k", Mono.just("heavy")))
                .expectNext("heavy")
                .verifyComplete();
        StepVerifier.create(weighing.get("k")).verifyComplete();
        weighing.put("k", "old").block();
        StepVerifier.create(weighing.put("k", "heavy")).verifyComplete();
        StepVerifier.create(weighing.get("k")).verifyComplete();

        weighing.put("k", "light").block();
        StepVerifier.create(weighing.get("k")).expectNext("light").verifyComplete();
    }
}
