package dev.reactivecache.internal.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

class SharedQuestionTest {
    private final List<Sinks.One<Integer>> asked = new ArrayList<>();
    private final SharedQuestion<Integer> question = new SharedQuestion<>(
            Mono.defer(() -> {
                Sinks.One<Integer> next = Sinks.one();
                asked.add(next);
                return next.asMono();
            }),
            2);

    private CompletableFuture<Integer> ask() {
        return question.answer().toFuture();
    }

    private void answer(int which, int with) {
        asked.get(which).tryEmitValue(with).orThrow();
    }

    @Test
    void whileFewAreUnderWayEachIsAskedAtOnce() {
        CompletableFuture<Integer> first = ask();
        CompletableFuture<Integer> second = ask();

        assertThat(asked).hasSize(2);
        answer(1, 8);
        answer(0, 7);
        assertThat(first).isCompletedWithValue(7);
        assertThat(second).isCompletedWithValue(8);
    }

    @Test
    void whoComesLaterGetsAnAnswerFromAfterHeCameTogetherWithAllWhoWait() {
        ask();
        ask();
        List<CompletableFuture<Integer>> late = List.of(ask(), ask(), ask());
        assertThat(asked).hasSize(2);

        answer(0, 1);

        assertThat(asked).as("one question for all three").hasSize(3);
        assertThat(late).noneMatch(CompletableFuture::isDone);
        answer(2, 3);
        assertThat(late).allSatisfy(each -> assertThat(each).isCompletedWithValue(3));
    }

    @Test
    void itIsAskedInTheContextOfTheFirst() {
        SharedQuestion<String> who = new SharedQuestion<>(Mono.deferContextual(seen -> Mono.just(seen.get("who"))), 1);

        assertThat(who.answer().contextWrite(Context.of("who", "me")).block()).isEqualTo("me");
    }

    @Test
    void anErrorIsThatOfThoseWhoAskedAndTheNextAreAsked() {
        CompletableFuture<Integer> first = ask();
        ask();
        CompletableFuture<Integer> late = ask();

        asked.get(0).tryEmitError(new IllegalStateException("gone")).orThrow();

        assertThat(first).isCompletedExceptionally();
        answer(2, 5);
        assertThat(late).isCompletedWithValue(5);
    }

    @Test
    void anEmptyAnswerIsOne() {
        CompletableFuture<Integer> first = ask();

        asked.get(0).tryEmitEmpty().orThrow();

        assertThat(first).isCompletedWithValue(null);
    }

    @Test
    void whoCancelsHarmsNobody() {
        ask();
        ask();
        question.answer().subscribe().dispose();
        CompletableFuture<Integer> late = ask();

        answer(0, 1);
        answer(2, 3);

        assertThat(late).isCompletedWithValue(3);
    }

    @Test
    void manyThreadsAllGetAnAnswerFromAfterTheyCame() throws Exception {
        AtomicLong clock = new AtomicLong();
        AtomicInteger questions = new AtomicInteger();
        SharedQuestion<Long> time = new SharedQuestion<>(
                Mono.fromSupplier(() -> {
                            questions.incrementAndGet();
                            return clock.incrementAndGet();
                        })
                        .publishOn(Schedulers.boundedElastic()),
                1);
        AtomicInteger early = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> runs = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            runs.add(threads.submit(() -> {
                for (int i = 0; i < 1_000; i++) {
                    long before = clock.get();
                    if (time.answer().block(Duration.ofSeconds(30)) <= before) {
                        early.incrementAndGet();
                    }
                }
            }));
        }
        for (Future<?> run : runs) {
            run.get(2, TimeUnit.MINUTES);
        }
        threads.shutdown();

        assertThat(early).hasValue(0);
        assertThat(questions).hasValueLessThanOrEqualTo(4_000);
    }
}
