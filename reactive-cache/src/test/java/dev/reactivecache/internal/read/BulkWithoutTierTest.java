package dev.reactivecache.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.BulkAnswer;
import dev.reactivecache.BulkOptions;
import dev.reactivecache.LoadTimeoutException;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.WarmOptions;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.HeldSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Many keys at once while the remote tier does not answer: what is loaded together has one turn. */
class BulkWithoutTierTest {
    private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(4);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeTier tier = new FakeServer(timer).connect();
    private final Source source = new Source();

    /** A source that answers many keys at once, and notes what it was asked for. */
    private static final class Source {
        private final List<Set<String>> asked = new CopyOnWriteArrayList<>();
        private volatile Mono<Void> gate = Mono.empty();

        Mono<Map<String, String>> load(Set<String> keys) {
            asked.add(keys);
            return gate.then(Mono.fromSupplier(() -> values(keys)));
        }
    }

    private static Map<String, String> values(Set<String> keys) {
        return keys.stream().collect(Collectors.toMap(Function.identity(), key -> key + "!"));
    }

    private static Set<String> keys(String prefix, int number) {
        return IntStream.range(0, number).mapToObj(i -> prefix + i).collect(Collectors.toSet());
    }

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("bulk")
                .key(KeyCodec.ofString())
                .value(ValueCodec.ofString())
                .remote(tier)
                .loadTimeout(LOAD_TIMEOUT)
                .timer(timer);
    }

    private List<FakeTier.Held> holdReads(int number) {
        return IntStream.range(0, number).mapToObj(i -> tier.hold(Op.READ)).toList();
    }

    @TestFactory
    Stream<DynamicTest> allKeysAreAnsweredByAsFewCallsAsCanBe() {
        return IntStream.of(257, 1_000, 10_000)
                .boxed()
                .flatMap(number -> Stream.of(
                        DynamicTest.dynamicTest(number + ", gone", () -> {
                            var test = new BulkWithoutTierTest();
                            test.tier.fail(Op.READ);
                            test.expectAll(number, List.of());
                        }),
                        DynamicTest.dynamicTest(number + ", frozen", () -> {
                            var test = new BulkWithoutTierTest();
                            test.expectAll(number, test.holdReads(number));
                        })));
    }

    private void expectAll(int number, List<FakeTier.Held> reads) {
        Set<String> keys = keys("k", number);
        CompletableFuture<Map<String, String>> answer =
                builder().build().getOrFetchAll(keys, source::load).toFuture();

        reads.forEach(FakeTier.Held::fail);

        assertThat(answer).isCompletedWithValue(values(keys));
        assertThat(source.asked).hasSize((number + 999) / 1_000);
    }

    @Test
    void aSingleReadBesideABulkReadThatIsBeingGatheredIsAnsweredAtOnce() {
        List<FakeTier.Held> reads = holdReads(300);
        ReactiveCache<String, String> cache = builder().build();
        cache.getOrFetchAll(keys("k", 300), source::load).subscribe();
        reads.stream().skip(1).forEach(FakeTier.Held::fail);
        tier.fail(Op.READ);

        CompletableFuture<String> single =
                cache.getOrFetch("single", Mono.just("v")).toFuture();

        assertThat(single).isCompletedWithValue("v");
        assertThat(source.asked).as("calls while one key is undecided").isEmpty();
    }

    @Test
    void aSingleReadBesideABulkLoadIsAnsweredAtOnce() {
        tier.fail(Op.READ);
        source.gate = Mono.never();
        ReactiveCache<String, String> cache = builder().build();
        cache.getOrFetchAll(keys("k", 300), source::load).subscribe();

        assertThat(cache.getOrFetch("single", Mono.just("v")).toFuture()).isCompletedWithValue("v");
        assertThat(source.asked).hasSize(1);
    }

    @Test
    void warmingInStepsBeyondTheBulkheadLoadsEveryKey() {
        tier.fail(Op.READ);
        ReactiveCache<String, String> cache =
                builder().loadBulkhead(4).bulkLoader(source::load).build();
        Set<String> keys = keys("k", 1_000);
        var report = cache.warm(
                        Flux.fromIterable(keys),
                        WarmOptions.defaults().withStepSize(500).withKeysPerSecond(1_000))
                .toFuture();

        timer.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(report).isCompletedWithValueMatching(done -> done.found() == 1_000, "all found");
        assertThat(source.asked).hasSize(2);
    }

    @Test
    void callsOfOneBulkReadTakeTurnsAsSingleLoadsDo() {
        tier.fail(Op.READ);
        Sinks.Empty<Void> gate = Sinks.empty();
        source.gate = gate.asMono();
        Set<String> keys = keys("k", 50);
        var answer = builder()
                .loadBulkhead(2)
                .build()
                .getOrFetchAll(keys, source::load, BulkOptions.defaults().withLoadSize(10))
                .toFuture();
        assertThat(source.asked).hasSize(2);

        gate.tryEmitEmpty();

        assertThat(answer).isCompletedWithValue(values(keys));
        assertThat(source.asked).hasSize(5);
    }

    @Test
    void eachKeyIsToldByItsOwnNameThatTheTurnOfItsCallDidNotCome() {
        tier.fail(Op.READ);
        ReactiveCache<String, String> cache = builder().loadBulkhead(1).build();
        timer.advanceTimeBy(Duration.ofSeconds(1));
        HeldSource other = new HeldSource();
        cache.getOrFetch("first", other).subscribe();
        cache.getOrFetch("second", other).subscribe(); // is called when the first has timed out
        var answers = cache.getOrFetchEach(Flux.just("a", "b"), source::load, BulkOptions.defaults())
                .collectList()
                .toFuture();

        timer.advanceTimeBy(LOAD_TIMEOUT);

        assertThat(source.asked).isEmpty();
        assertThat(answers.join())
                .hasSize(2)
                .allSatisfy(answer -> assertThat(((BulkAnswer.Failed<String, String>) answer).failure())
                        .isInstanceOf(LoadTimeoutException.class)
                        .hasMessageContaining("before key " + answer.key() + " could be loaded"));
    }

    @Test
    void aCallThatHadToWaitForItsTurnHasTheWholeLoadTimeout() {
        tier.fail(Op.READ);
        ReactiveCache<String, String> cache = builder().loadBulkhead(1).build();
        HeldSource other = new HeldSource();
        cache.getOrFetch("first", other).subscribe();
        Sinks.Empty<Void> gate = Sinks.empty();
        source.gate = gate.asMono();
        var answer = cache.getOrFetchAll(Set.of("a", "b"), source::load).toFuture();
        timer.advanceTimeBy(LOAD_TIMEOUT.minusMillis(1));
        other.answer(0, "v");

        timer.advanceTimeBy(LOAD_TIMEOUT.minusMillis(1));
        gate.tryEmitEmpty();

        assertThat(answer).isCompletedWithValue(Map.of("a", "a!", "b", "b!"));
    }

    @Test
    void aKeyThatTheTierAnsweredDoesNotWaitForTheTurnOfAnother() {
        ReactiveCache<String, String> cache = builder().loadBulkhead(1).build();
        tier.fail(Op.READ);
        cache.getOrFetch("first", new HeldSource()).subscribe();
        tier.heal();
        FakeTier.Held read = tier.hold(Op.READ);

        cache.getOrFetchEach(Flux.just("unanswered", "answered"), source::load, BulkOptions.defaults())
                .subscribe();
        read.fail();

        assertThat(source.asked).containsExactly(Set.of("answered"));
    }

    @Test
    void aBulkReadAsksTheTierForTwoStepsAtMost() {
        holdReads(10_000);

        builder().build().getOrFetchAll(keys("k", 10_000), source::load).subscribe();

        assertThat(tier.sent(Op.READ)).isEqualTo(2_000);
    }

    @Test
    void manyBulkReadsOnManyThreadsAreAllAnswered() {
        tier.fail(Op.READ);
        source.gate = Mono.delay(Duration.ofMillis(5)).then();
        ReactiveCache<String, String> cache =
                builder().timer(Schedulers.parallel()).build(); // virtual time is not for many threads
        Scheduler threads = Schedulers.newParallel("bulk", 4);
        try {
            List<Map<String, String>> answers = Flux.range(0, 40)
                    .map(i -> keys("bulk" + i + ":", 200))
                    .flatMapSequential(
                            keys -> cache.getOrFetchAll(keys, source::load).subscribeOn(threads), 40)
                    .collectList()
                    .block();

            assertThat(answers)
                    .hasSize(40)
                    .allSatisfy(answer -> assertThat(answer).hasSize(200).isEqualTo(values(answer.keySet())));
            assertThat(source.asked).hasSize(40);
        } finally {
            threads.dispose();
        }
    }
}
