package dev.reactivecache.internal.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.internal.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** So much at a time, and the rest in the order it came. */
class BulkheadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Bulkhead bulkhead = new Bulkhead(2, PATIENCE, TimeSource.of(time));
    private final List<String> begun = new ArrayList<>();
    private final List<Sinks.One<String>> ends = new ArrayList<>();

    private Mono<String> work(String name) {
        return limited(Mono.defer(() -> {
            begun.add(name);
            Sinks.One<String> end = Sinks.one();
            ends.add(end);
            return end.asMono();
        }));
    }

    private <T> Mono<T> limited(Mono<T> work) {
        return bulkhead.limit(work, () -> new IllegalStateException("too late"));
    }

    @Test
    void workBeyondTheLimitBeginsInTheOrderItCameWhenOtherWorkEnds() {
        CompletableFuture<String> a = work("a").toFuture();
        CompletableFuture<String> b = work("b").toFuture();
        CompletableFuture<String> c = work("c").toFuture();
        CompletableFuture<String> d = work("d").toFuture();
        assertThat(begun).containsExactly("a", "b");

        ends.get(1).tryEmitError(new IllegalStateException("b failed"));
        assertThat(begun).containsExactly("a", "b", "c");
        a.cancel(true);
        assertThat(begun).containsExactly("a", "b", "c", "d");

        ends.get(2).tryEmitValue("done");
        ends.get(3).tryEmitEmpty();
        assertThat(b).isCompletedExceptionally();
        assertThat(c).isCompletedWithValue("done");
        assertThat(d).isCompletedWithValue(null);
    }

    @Test
    void whoeverCancelsBeforeHisTurnIsPassedOver() {
        work("a").subscribe();
        work("b").subscribe();
        Disposable waiting = work("c").subscribe();
        work("d").subscribe();

        waiting.dispose();
        ends.get(0).tryEmitEmpty();

        assertThat(begun).containsExactly("a", "b", "d");
    }

    @Test
    void whoseTurnDoesNotComeInTimeIsToldSoAndLeavesHisPlace() {
        work("a").subscribe();
        work("b").subscribe();
        CompletableFuture<String> late = work("c").toFuture();

        time.advanceTimeBy(PATIENCE);
        assertThat(late).isCompletedExceptionally();
        work("d").subscribe();
        ends.get(0).tryEmitEmpty();

        assertThat(begun).containsExactly("a", "b", "d");
    }

    @Test
    void aLongLineOfWorkThatEndsAtOnceDoesNotGrowTheStack() {
        work("a").subscribe();
        work("b").subscribe();
        AtomicInteger done = new AtomicInteger();
        IntStream.range(0, 100_000)
                .forEach(i -> limited(Mono.fromRunnable(done::incrementAndGet)).subscribe());

        ends.get(0).tryEmitEmpty();

        assertThat(done).hasValue(100_000);
    }

    @Test
    void neverMoreRunThanTheLimitWhateverTheThreads() {
        Bulkhead shared = new Bulkhead(2, PATIENCE, TimeSource.system()); // virtual time is not for many threads
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Mono<Integer> counted = Mono.fromCallable(() -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            return running.decrementAndGet();
        });

        StepVerifier.create(Flux.range(0, 20_000)
                        .flatMap(
                                i -> shared.limit(
                                        counted.subscribeOn(Schedulers.parallel()),
                                        () -> new IllegalStateException("too late")),
                                64)
                        .count())
                .expectNext(20_000L)
                .expectComplete()
                .verify(Duration.ofMinutes(1));

        assertThat(most).hasValueBetween(1, 2);
    }
}
