package dev.reactivecache.internal.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.BulkAnswer;
import dev.reactivecache.BulkOptions;
import dev.reactivecache.BulkReadException;
import dev.reactivecache.LoadTimeoutException;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.RecursiveLoadException;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Op;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Many keys at once, over a remote tier and in memory. */
class BulkReadTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final ReactiveCache<String, String> cache = shared(tier, settings -> settings);
    private final Source source = new Source();

    /** A source that answers many keys at once, when the test says so, and notes what it was asked for. */
    private static final class Source {
        private final List<Set<String>> asked = new ArrayList<>();
        private final Map<String, String> rows = new HashMap<>();
        private final AtomicInteger cancelled = new AtomicInteger();
        private Sinks.Empty<Void> gate;

        Mono<Map<String, String>> load(Set<String> keys) {
            asked.add(Set.copyOf(keys));
            Mono<Map<String, String>> answer = Mono.fromSupplier(() -> rows.entrySet().stream()
                    .filter(row -> keys.contains(row.getKey()))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
            return (gate == null ? answer : gate.asMono().then(answer)).doOnCancel(cancelled::incrementAndGet);
        }

        Source row(String key, String value) {
            rows.put(key, value);
            return this;
        }
    }

    private interface Settings extends java.util.function.UnaryOperator<ReactiveCacheBuilder<String, String>> {}

    private ReactiveCache<String, String> shared(FakeTier tier, Settings settings) {
        return settings.apply(ReactiveCache.<String, String>builder("bulk")
                        .key(KeyCodec.ofString())
                        .value(ValueCodec.ofString())
                        .remote(tier)
                        .timer(timer))
                .build();
    }

    @Test
    void oneLoaderCallFetchesWhatNoTierHas() {
        cache.put("memory", "m").block();
        cache.getOrFetch("memory", Mono.just("?")).block();
        server.storeSilently("remote", "r", Duration.ofMinutes(1));
        source.row("a", "1").row("b", "2");

        StepVerifier.create(cache.getOrFetchAll(List.of("b", "remote", "none", "memory", "a", "b"), source::load))
                .assertNext(values -> assertThat(new ArrayList<>(values.entrySet()))
                        .as("in the order of the keys, each once")
                        .isEqualTo(new ArrayList<>(ordered("b", "2", "remote", "r", "memory", "m", "a", "1")
                                .entrySet())))
                .verifyComplete();

        assertThat(source.asked).containsExactly(Set.of("a", "b", "none"));
        assertThat(server.stored("a")).isEqualTo("1");
        assertThat(cache.get("b").block()).isEqualTo("2");
    }

    private static Map<String, String> ordered(String... keysAndValues) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    @Test
    void nothingHappensBeforeSubscription() {
        Mono<Map<String, String>> read = cache.getOrFetchAll(List.of("a"), source::load);

        assertThat(tier.sent()).isEmpty();
        assertThat(source.asked).isEmpty();
        assertThat(read).isNotNull();
    }

    @Test
    void emptyCollectionAsksNobody() {
        StepVerifier.create(cache.getOrFetchAll(List.of(), source::load))
                .expectNext(Map.of())
                .verifyComplete();
        assertThat(source.asked).isEmpty();
    }

    @Test
    void nullKeyIsRefusedAtTheCall() {
        assertThatThrownBy(() -> cache.getAll(Arrays.asList("a", null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("key");
    }

    @Test
    void getAllNeverLoads() {
        server.storeSilently("a", "1", Duration.ofMinutes(1));

        StepVerifier.create(cache.getAll(List.of("b", "a")))
                .expectNext(Map.of("a", "1"))
                .verifyComplete();
        assertThat(tier.sent(Op.LEASE)).isZero();
    }

    @Test
    void loaderWaitsUntilEveryKeyIsDecided() {
        source.row("a", "1").row("b", "2");
        FakeTier.Held first = tier.hold(Op.READ);
        FakeTier.Held second = tier.hold(Op.READ);

        AtomicInteger got = new AtomicInteger();
        cache.getOrFetchAll(List.of("a", "b"), source::load).subscribe(values -> got.set(values.size()));
        first.arrive().reply();
        assertThat(source.asked).isEmpty();
        second.arrive().reply();

        assertThat(source.asked).containsExactly(Set.of("a", "b"));
        assertThat(got).hasValue(2);
    }

    @Test
    void keyUnderWayByASingleReadIsJoined() {
        source.row("b", "2");
        Sinks.One<String> single = Sinks.one();
        cache.getOrFetch("a", single.asMono()).subscribe();

        List<Map<String, String>> got = new ArrayList<>();
        cache.getOrFetchAll(List.of("a", "b"), source::load).subscribe(got::add);

        assertThat(source.asked)
                .as("not delayed by the other load, which is not done again")
                .containsExactly(Set.of("b"));
        assertThat(got).isEmpty();
        single.tryEmitValue("1").orThrow();
        assertThat(got).containsExactly(Map.of("a", "1", "b", "2"));
    }

    @Test
    void singleReadAndOverlappingBulkReadJoinABulkLoad() {
        source.row("a", "1").row("b", "2").row("c", "3");
        source.gate = Sinks.empty();
        List<Object> got = new ArrayList<>();
        cache.getOrFetchAll(List.of("a", "b"), source::load).subscribe(got::add);
        cache.getOrFetchAll(List.of("b", "c"), source::load).subscribe(got::add);
        cache.getOrFetch("b", Mono.just("another")).subscribe(got::add);

        source.gate.tryEmitEmpty().orThrow();

        assertThat(source.asked).containsExactly(Set.of("a", "b"), Set.of("c"));
        assertThat(got).containsExactlyInAnyOrder(Map.of("a", "1", "b", "2"), Map.of("b", "2", "c", "3"), "2");
    }

    @Test
    void aCallerWhoLeavesFailsNobody() {
        source.row("a", "1").row("b", "2");
        source.gate = Sinks.empty();
        Disposable leaving =
                cache.getOrFetchAll(List.of("a", "b"), source::load).subscribe();
        List<String> got = new ArrayList<>();
        cache.getOrFetch("b", Mono.just("another")).subscribe(got::add);

        leaving.dispose();
        assertThat(source.cancelled).as("somebody still waits").hasValue(0);
        source.gate.tryEmitEmpty().orThrow();

        assertThat(got).containsExactly("2");
    }

    @Test
    void lastCallerToLeaveCancelsTheLoadAndGivesTheLeasesBack() {
        source.gate = Sinks.empty();
        Disposable leaving =
                cache.getOrFetchAll(List.of("a", "b"), source::load).subscribe();

        leaving.dispose();

        assertThat(source.cancelled).hasValue(1);
        assertThat(server.isFree("a")).isTrue();
        assertThat(server.isFree("b")).isTrue();
    }

    @Test
    void invalidationVoidsTheLoadOfItsKeyAlone() {
        source.row("a", "old").row("b", "2");
        source.gate = Sinks.empty();
        List<Map<String, String>> got = new ArrayList<>();
        cache.getOrFetchAll(List.of("a", "b"), source::load).subscribe(got::add);

        cache.invalidate("a").block();
        source.gate.tryEmitEmpty().orThrow();

        assertThat(got).containsExactly(Map.of("a", "old", "b", "2"));
        assertThat(server.stored("a")).isNull();
        assertThat(cache.get("a").blockOptional()).isEmpty();
        assertThat(server.stored("b")).isEqualTo("2");
        assertThat(cache.stats().refusedFills()).isEqualTo(1);
    }

    @Test
    void whatTheLoaderLacksIsKeptAsAbsentWithAbsentTtl() {
        ReactiveCache<String, String> knowing =
                shared(server.connect(), settings -> settings.absentTtl(Duration.ofSeconds(5)));

        knowing.getOrFetchAll(List.of("a"), source::load).block();
        knowing.getOrFetchAll(List.of("a"), source::load).block();

        assertThat(source.asked).hasSize(1);
    }

    @Test
    void missingKeysAreLoadedInCallsOfTheGivenSize() {
        List<String> keys = List.of("a", "b", "c", "d", "e");
        keys.forEach(key -> source.row(key, key));

        Map<String, String> got = cache.getOrFetchAll(
                        keys, source::load, BulkOptions.defaults().withLoadSize(2))
                .block();

        assertThat(got).hasSize(5);
        assertThat(source.asked).hasSize(3).allSatisfy(call -> assertThat(call).hasSizeLessThanOrEqualTo(2));
    }

    @Test
    void failureCarriesWhatSucceeded() {
        IllegalStateException down = new IllegalStateException("down");
        server.storeSilently("a", "1", Duration.ofMinutes(1));

        StepVerifier.create(cache.getOrFetchAll(List.of("b", "a"), keys -> Mono.error(down)))
                .expectErrorSatisfies(thrown -> {
                    assertThat(thrown).isInstanceOf(BulkReadException.class).hasCause(down);
                    assertThat(((BulkReadException) thrown).values()).isEqualTo(Map.of("a", "1"));
                    assertThat(((BulkReadException) thrown).failures()).isEqualTo(Map.of("b", down));
                })
                .verify();
        assertThat(server.isFree("b")).as("the lease was given back").isTrue();
    }

    @Test
    void loaderThatReturnsNullFailsItsKeys() {
        StepVerifier.create(cache.getOrFetchAll(List.of("a"), keys -> null))
                .expectErrorSatisfies(thrown -> assertThat(thrown)
                        .hasCauseInstanceOf(NullPointerException.class)
                        .hasMessageContaining("bulk loader"))
                .verify();
    }

    @Test
    void loaderThatTakesTooLongIsCancelled() {
        source.gate = Sinks.empty();
        List<Throwable> failures = new ArrayList<>();
        cache.getOrFetchAll(List.of("a", "b"), source::load).subscribe(null, failures::add);

        timer.advanceTimeBy(Duration.ofSeconds(11));

        assertThat(failures)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasCauseInstanceOf(LoadTimeoutException.class));
        assertThat(source.cancelled).hasValue(1);
    }

    @Test
    void loaderThatWaitsForAnotherOfItsKeysIsRefused() {
        StepVerifier.create(cache.getOrFetchAll(
                        List.of("a", "b"),
                        keys -> cache.getOrFetch("b", Mono.just("?")).map(b -> Map.of("a", b, "b", b))))
                .expectErrorSatisfies(thrown -> assertThat(thrown).hasCauseInstanceOf(RecursiveLoadException.class))
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void keysWhoseLoadByOthersCameToNothingAreLoadedTogetherLater() {
        source.row("a", "1").row("b", "2").row("c", "3");
        FakeTier.Held a = tier.hold(Op.READ);
        FakeTier.Held b = tier.hold(Op.READ);
        cache.get("a").subscribe();
        cache.get("b").subscribe();
        List<Map<String, String>> got = new ArrayList<>();
        cache.getOrFetchAll(List.of("a", "b", "c"), source::load).subscribe(got::add);
        assertThat(source.asked).containsExactly(Set.of("c"));

        a.arrive().reply();
        b.arrive().reply();
        timer.advanceTimeBy(Duration.ofMillis(10));

        assertThat(source.asked).containsExactly(Set.of("c"), Set.of("a", "b"));
        assertThat(got).containsExactly(Map.of("a", "1", "b", "2", "c", "3"));
    }

    @Test
    void remoteTierThatFailsFailsNoKey() {
        tier.fail(Op.READ, Op.LEASE);
        source.row("a", "1").row("b", "2");

        StepVerifier.create(cache.getOrFetchAll(List.of("a", "b"), source::load))
                .expectNext(Map.of("a", "1", "b", "2"))
                .verifyComplete();
        assertThat(source.asked).containsExactly(Set.of("a", "b"));
    }

    @Test
    void eachTellsOfEveryKeyInOrderAndTakesKeysAsTheyAreAskedFor() {
        source.row("k1", "1");
        AtomicLong taken = new AtomicLong();
        Flux<String> keys =
                Flux.range(1, 1_000).map(i -> i == 3 ? "k1" : "k" + i).doOnNext(key -> taken.incrementAndGet());

        StepVerifier.create(
                        cache.getOrFetchEach(
                                keys, source::load, BulkOptions.defaults().withReadSize(2)),
                        3)
                .expectNext(
                        new BulkAnswer.Found<>("k1", "1"),
                        new BulkAnswer.Absent<>("k2"),
                        new BulkAnswer.Found<>("k1", "1"))
                .then(() -> assertThat(taken.get()).isLessThanOrEqualTo(8))
                .thenCancel()
                .verify();
    }

    @Test
    void eachGoesOnOverFailures() {
        IllegalStateException down = new IllegalStateException("down");

        StepVerifier.create(cache.getOrFetchEach(
                        Flux.just("a", "b"),
                        keys -> keys.contains("a") ? Mono.error(down) : Mono.just(Map.of("b", "2")),
                        BulkOptions.defaults().withReadSize(1)))
                .expectNext(new BulkAnswer.Failed<>("a", down), new BulkAnswer.Found<>("b", "2"))
                .verifyComplete();
    }

    @Test
    void bulkLoaderOfTheBuilderServesSingleReadsToo() {
        source.row("a", "1");
        ReactiveCache<String, String> memory = ReactiveCache.<String, String>builder("memory")
                .bulkLoader(source::load)
                .build();

        assertThat(memory.getOrFetch("a").block()).isEqualTo("1");
        assertThat(memory.getOrFetchAll(List.of("a", "b")).block()).isEqualTo(Map.of("a", "1"));
        assertThat(source.asked).containsExactly(Set.of("a"), Set.of("b"));
    }

    @Test
    void singleLoaderOfTheBuilderServesBulkReadsToo() {
        ReactiveCache<String, String> memory = ReactiveCache.<String, String>builder("memory")
                .loader(key -> key.equals("b") ? Mono.empty() : Mono.just(key + "!"))
                .build();

        assertThat(memory.getOrFetchAll(List.of("a", "b")).block()).isEqualTo(Map.of("a", "a!"));
    }

    @Test
    void putAllStoresEveryValueAndTellsOfFailuresAfterAllWereTried() {
        cache.putAll(Map.of("a", "1", "b", "2")).block();
        assertThat(server.stored("a")).isEqualTo("1");
        assertThat(server.stored("b")).isEqualTo("2");

        tier.fail(Op.PUT).forget();
        StepVerifier.create(cache.putAll(Map.of("a", "3", "b", "4")))
                .expectErrorSatisfies(
                        thrown -> assertThat(thrown.getSuppressed()).hasSize(1))
                .verify();
        assertThat(tier.sent(Op.PUT)).isEqualTo(2);
    }

    @Test
    void closedCacheRefuses() {
        cache.close().block();

        StepVerifier.create(cache.getAll(List.of("a"))).verifyError(IllegalStateException.class);
    }
}
