package dev.reactivecache.internal.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier.Op;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Loads that read other keys while the remote tier does not answer. Time stands still: nothing can time out. */
class NestedTurnsTest {
    private final ReactiveCache<String, String> cache = cache("turns", 2);

    private static ReactiveCache<String, String> cache(String name, int loadBulkhead) {
        VirtualTimeScheduler timer = VirtualTimeScheduler.create();
        return ReactiveCache.<String, String>builder(name)
                .key(KeyCodec.ofString())
                .value(ValueCodec.ofString())
                .remote(new FakeServer(timer).connect().fail(Op.READ))
                .loadBulkhead(loadBulkhead)
                .timer(timer)
                .build();
    }

    /** Waits at a gate, then does the rest. */
    private final Map<String, Sinks.Empty<Void>> begun = new HashMap<>();

    private CompletableFuture<String> read(String key, Mono<String> rest) {
        return read(cache, key, rest);
    }

    private CompletableFuture<String> read(ReactiveCache<String, String> of, String key, Mono<String> rest) {
        return of.getOrFetch(key, same -> {
                    Sinks.Empty<Void> gate = Sinks.empty();
                    begun.put(same, gate);
                    return gate.asMono().then(rest);
                })
                .toFuture();
    }

    private void open(String key) {
        begun.get(key).tryEmitEmpty().orThrow();
    }

    private static Mono<String> get(ReactiveCache<String, String> of, String key) {
        return of.getOrFetch(key, Mono.just(key + "!"));
    }

    @Test
    void loadsThatEachReadAnotherKeyDoNotWaitForEachOthersTurns() {
        ReactiveCache<String, String> wide = cache("wide", 256);
        List<CompletableFuture<String>> reads = IntStream.range(0, 256)
                .mapToObj(i -> read(wide, "k" + i, get(wide, "other" + i)))
                .toList();

        IntStream.range(0, 256).forEach(i -> open("k" + i));

        assertThat(reads).allSatisfy(read -> assertThat(read).isCompleted());
    }

    @Test
    void aLoadThatStoodInLineIsCalledWhenALoadWithATurnWaitsForIt() {
        CompletableFuture<String> a = read("a", get(cache, "c"));
        read("b", Mono.just("b!"));
        CompletableFuture<String> c = read("c", Mono.just("c!"));
        assertThat(begun).doesNotContainKey("c");

        open("a");
        open("c");

        assertThat(c).isCompletedWithValue("c!");
        assertThat(a).isCompletedWithValue("c!");
    }

    @Test
    void itIsCalledAlsoIfOtherLoadsStandBetween() {
        ReactiveCache<String, String> memory =
                ReactiveCache.<String, String>builder("memory").build();
        CompletableFuture<String> a = read("a", memory.getOrFetch("between", get(cache, "c")));
        read("b", Mono.just("b!"));
        read("c", Mono.just("c!"));

        open("a");
        open("c");

        assertThat(a).isCompletedWithValue("c!");
    }

    @Test
    void loadsOfTwoCachesThatReadEachOtherDoNotWaitForTurns() {
        ReactiveCache<String, String> one = cache("one", 1);
        ReactiveCache<String, String> two = cache("two", 1);
        CompletableFuture<String> first = read(one, "a", get(two, "c"));
        CompletableFuture<String> second = read(two, "b", get(one, "d"));

        open("a");
        open("b");

        assertThat(first).isCompletedWithValue("c!");
        assertThat(second).isCompletedWithValue("d!");
    }

    @Test
    void bulkLoadsWithinALoadAndLoadsWithinABulkLoadTakeNoTurn() {
        ReactiveCache<String, String> narrow = cache("narrow", 1);
        Function<Set<String>, Mono<Map<String, String>>> values =
                keys -> Mono.just(keys.stream().collect(Collectors.toMap(key -> key, key -> key + "!")));

        Map<String, String> all = narrow.getOrFetchAll(
                        Set.of("a", "b"),
                        keys -> narrow.getOrFetch(
                                        "c",
                                        narrow.getOrFetchAll(Set.of("d", "e"), values)
                                                .map(found -> found.get("d")))
                                .flatMap(found -> values.apply(keys)))
                .toFuture()
                .getNow(null);

        assertThat(all).containsEntry("a", "a!").containsEntry("b", "b!");
    }

    @Test
    void othersStillWaitForTheTurnOfALoadThatWaits() {
        read("a", cache.getOrFetch("inner", same -> Mono.never()));
        read("b", Mono.just("b!"));
        read("c", Mono.just("c!"));

        open("a");
        assertThat(begun).doesNotContainKey("c");
        open("b");

        assertThat(begun).containsKey("c");
    }
}
