package dev.reactivecache.internal.terms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.Loaded;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.WarmOptions;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Tags and times to live that follow from values, by whatever way those come in. Values look like {@code red/5}. */
class OwnTermsTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("terms")
                .key(KeyCodec.ofString())
                .value(ValueCodec.ofString())
                .timer(timer)
                .jitter(0)
                .tagsOf((key, value) -> List.of(value.split("/")[0], "key-" + key))
                .ttlOf((key, value) -> Duration.ofSeconds(Long.parseLong(value.split("/")[1])));
    }

    private ReactiveCache<String, String> cache(boolean shared) {
        ReactiveCacheBuilder<String, String> builder =
                builder().loader(key -> Mono.just("red/5")).bulkLoader(keys -> Mono.just(each(keys, "red/5")));
        return (shared ? builder.remote(server.connect()) : builder).build();
    }

    private static <V> Map<String, V> each(Set<String> keys, V value) {
        return keys.stream().collect(Collectors.toMap(key -> key, key -> value));
    }

    /** How a value gets into a cache. */
    enum Way {
        OWN_LOADER(cache -> cache.getOrFetch("k")),
        LOADER(cache -> cache.getOrFetch("k", Mono.just("red/5"))),
        LOADED(cache -> cache.getOrFetchLoaded("k", key -> Mono.just(Loaded.of("red/5")))),
        LOOKUP(cache -> cache.lookup("k")),
        OWN_BULK(cache -> cache.getOrFetchAll(List.of("k", "l"))),
        BULK(cache -> cache.getOrFetchAll(List.of("k", "l"), keys -> Mono.just(each(keys, "red/5")))),
        PUT(cache -> cache.put("k", "red/5")),
        PUT_ALL(cache -> cache.putAll(Map.of("k", "red/5", "l", "red/5"))),
        WRITE(cache -> cache.writeThrough("k", Mono.just("red/5")));

        private final Function<ReactiveCache<String, String>, Mono<?>> work;

        Way(Function<ReactiveCache<String, String>, Mono<?>> work) {
            this.work = work;
        }
    }

    @ParameterizedTest
    @EnumSource
    void tagsFollowFromTheValueWhateverTheWayIn(Way way) {
        Stream.of(true, false).forEach(shared -> {
            ReactiveCache<String, String> cache = cache(shared);
            way.work.apply(cache).subscribe();
            timer.advanceTime();
            StepVerifier.create(cache.get("k")).expectNext("red/5").verifyComplete();

            cache.invalidateTag("blue").block();
            StepVerifier.create(cache.get("k")).expectNext("red/5").verifyComplete();
            cache.invalidateTag(shared ? "red" : "key-k").block();

            StepVerifier.create(cache.get("k")).verifyComplete();
        });
    }

    @ParameterizedTest
    @EnumSource
    void theTimeToLiveFollowsFromTheValueWhateverTheWayIn(Way way) {
        Stream.of(true, false).forEach(shared -> {
            ReactiveCache<String, String> cache = cache(shared);
            way.work.apply(cache).subscribe();
            timer.advanceTime();

            timer.advanceTimeBy(Duration.ofSeconds(5).minusMillis(1));
            StepVerifier.create(cache.get("k")).expectNext("red/5").verifyComplete();
            timer.advanceTimeBy(Duration.ofMillis(1));

            StepVerifier.create(cache.get("k")).verifyComplete();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void warmingIsAWayInLikeOthers(boolean shared) {
        ReactiveCache<String, String> cache = cache(shared);
        var warmed = cache.warm(Flux.just("k", "l"), WarmOptions.defaults()).toFuture();
        timer.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(warmed).isCompletedWithValueMatching(report -> report.found() == 2);

        cache.invalidateTag("key-k").block();

        StepVerifier.create(cache.get("k")).verifyComplete();
        StepVerifier.create(cache.get("l")).expectNext("red/5").verifyComplete();
        timer.advanceTimeBy(Duration.ofSeconds(5));
        StepVerifier.create(cache.get("l")).verifyComplete();
    }

    @Test
    void whatACallSaysItselfGoesBefore() {
        ReactiveCache<String, String> cache = cache(false);
        cache.put("k", "red/5", EntryOptions.defaults().withTags("own").withTtl(Duration.ofSeconds(60)))
                .block();

        cache.invalidateTag("red").block();
        timer.advanceTimeBy(Duration.ofSeconds(59));
        StepVerifier.create(cache.get("k")).expectNext("red/5").verifyComplete();
        cache.invalidateTag("own").block();

        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test
    void bulkLoadersMaySayItOfEachValue() {
        ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("loaded")
                .timer(timer)
                .bulkLoaderLoaded(keys -> Mono.just(Map.of(
                        "a",
                        Loaded.of("1").withTags("t"),
                        "b",
                        Loaded.of("2"),
                        "c",
                        Loaded.of("3").notStored())))
                .build();
        Map<String, String> all =
                cache.getOrFetchAll(List.of("a", "b", "c", "d")).block();
        assertThat(all).containsOnlyKeys("a", "b", "c");

        cache.invalidateTag("t").block();

        StepVerifier.create(cache.getAll(List.of("a", "b", "c")))
                .expectNext(Map.of("b", "2"))
                .verifyComplete();
    }

    @ParameterizedTest
    @ValueSource(strings = {"red/0", "red/-7"})
    void aValueThatIsOverIsGivenAndNotStored(String over) {
        Stream.of(true, false).forEach(shared -> {
            ReactiveCache<String, String> cache = cache(shared);
            cache.put("put", "red/5").block();

            StepVerifier.create(cache.getOrFetch("k", Mono.just(over)))
                    .expectNext(over)
                    .verifyComplete();
            cache.put("put", over).block();
            StepVerifier.create(cache.writeThrough("written", Mono.just(over)))
                    .expectNext(over)
                    .verifyComplete();

            StepVerifier.create(cache.getAll(List.of("k", "put", "written")))
                    .expectNext(Map.of())
                    .verifyComplete();
        });
    }

    @Test
    void aFunctionThatThrowsFailsLoadsAndPutsAndLeavesWhatIsWrittenUnstored() {
        Stream.of(true, false).forEach(shared -> {
            ReactiveCache<String, String> cache = cache(shared);
            cache.put("put", "red/5").block();

            StepVerifier.create(cache.getOrFetch("k", Mono.just("odd"))).verifyError(RuntimeException.class);
            StepVerifier.create(cache.put("put", "odd")).verifyError(RuntimeException.class);
            StepVerifier.create(cache.writeThrough("written", Mono.just("odd")))
                    .expectNext("odd")
                    .verifyComplete();

            StepVerifier.create(cache.getAll(List.of("k", "put", "written")))
                    .expectNext(Map.of("put", "red/5"))
                    .verifyComplete();
            StepVerifier.create(cache.writeThrough("written", Mono.just("red/5")))
                    .expectNext("red/5")
                    .verifyComplete();
            StepVerifier.create(cache.get("written")).expectNext("red/5").verifyComplete();
        });
    }
}
