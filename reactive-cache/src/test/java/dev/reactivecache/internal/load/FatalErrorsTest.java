package dev.reactivecache.internal.load;

import static dev.reactivecache.fake.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.observe.CacheObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * G17: every call ends, also with errors that Reactor's operators throw where they stand instead of signalling them.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD) // what these tests look for is waiting for ever
class FatalErrorsTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();

    private ReactiveCache<String, String> cache(boolean remote) {
        var builder = ReactiveCache.<String, String>builder("fatal")
                .key(KeyCodec.ofString())
                .value(ValueCodec.ofString())
                .observer(new CacheObserver() {}) // operators of its own stand on the way of a load
                .timer(timer);
        return remote ? builder.remote(new FakeServer(timer).connect()).build() : builder.build();
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                        new NoClassDefFoundError("no class"),
                        new StackOverflowError("too deep"),
                        new OutOfMemoryError("no memory"),
                        new AssertionError("not so"))
                .flatMap(error -> Stream.of(Arguments.of(false, error), Arguments.of(true, error)));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void aLoadThatFailsSoEndsForAllItsCallersAndTheNextLoadsAnew(boolean remote, Error error) {
        ReactiveCache<String, String> cache = cache(remote);
        everyCallEnds(cache, key -> Mono.error(error), error);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void aLoaderThatThrowsSoEndsForAllItsCallersAndTheNextLoadsAnew(boolean remote, Error error) {
        ReactiveCache<String, String> cache = cache(remote);
        everyCallEnds(
                cache,
                key -> {
                    throw error;
                },
                error);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void aLoadThatIsSubscribedToAndThrowsSoEndsForAllItsCallers(boolean remote, Error error) {
        ReactiveCache<String, String> cache = cache(remote);
        everyCallEnds(
                cache,
                key -> Mono.defer(() -> {
                    throw error;
                }),
                error);
    }

    private static void everyCallEnds(
            ReactiveCache<String, String> cache, Function<String, Mono<String>> loader, Error error) {
        CompletableFuture<String> first = cache.getOrFetch("k", loader).toFuture();
        CompletableFuture<String> second = cache.getOrFetch("k", loader).toFuture();

        assertThat(failureOf(first)).isSameAs(error);
        assertThat(failureOf(second)).isSameAs(error);
        assertThat(cache.getOrFetch("k", Mono.just("v")).toFuture()).isCompletedWithValue("v");
    }

    @ParameterizedTest
    @MethodSource("errors")
    void aBulkLoadThatFailsSoEnds(boolean remote, Error error) {
        ReactiveCache<String, String> cache = cache(remote);

        CompletableFuture<Map<String, String>> bulk = cache.getOrFetchAll(List.of("a", "b"), keys -> Mono.error(error))
                .toFuture();
        CompletableFuture<Map<String, String>> thrown = cache.getOrFetchAll(List.of("a", "b"), keys -> {
                    throw error;
                })
                .toFuture();

        assertThat(failureOf(bulk)).hasCause(error);
        assertThat(failureOf(thrown)).hasCause(error);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void aWriteThatFailsSoEndsAndLeavesTheKeyToBeLoaded(boolean remote, Error error) {
        ReactiveCache<String, String> cache = cache(remote);

        CompletableFuture<String> written =
                cache.writeThrough("k", Mono.error(error)).toFuture();

        assertThat(failureOf(written)).isSameAs(error);
        assertThat(cache.getOrFetch("k", Mono.just("v")).toFuture()).isCompletedWithValue("v");
    }
}
