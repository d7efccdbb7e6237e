package dev.reactivecache.internal.read;

import static dev.reactivecache.fake.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheHealth;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.fake.PickyCodec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A closed cache answers nothing and keeps nothing. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD) // what these tests look for is waiting for ever
class CloseTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("closing")
            .timer(timer)
            .jitter(0)
            .loader(key -> Mono.just("loaded"))
            .build();
    private final HeldSource source = new HeldSource();

    @TestFactory
    Stream<DynamicTest> everyOperationErrorsAfterClose() {
        return Stream.of(
                        new Operation("get", cache.get("k")),
                        new Operation("getOrFetch", cache.getOrFetch("k")),
                        new Operation("getOrFetch with a loader", cache.getOrFetch("k", source)),
                        new Operation("getOrFetch with a Mono", cache.getOrFetch("k", Mono.just("v"))),
                        new Operation("lookup", cache.lookup("k")),
                        new Operation("put", cache.put("k", "v")),
                        new Operation("writeThrough", cache.writeThrough("k", Mono.just("v"))),
                        new Operation("deleteThrough", cache.deleteThrough("k", Mono.empty())),
                        new Operation("invalidate", cache.invalidate("k")),
                        new Operation("invalidateAll", cache.invalidateAll(List.of("k"))))
                .map(operation -> DynamicTest.dynamicTest(operation.name(), () -> {
                    cache.put("k", "kept").onErrorComplete().block();
                    cache.close().block();

                    StepVerifier.create(operation.call())
                            .verifyErrorSatisfies(failure -> assertThat(failure)
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessage("cache 'closing' is closed"));
                }));
    }

    private record Operation(String name, Mono<?> call) {}

    @Test
    void closingEmptiesTheMemoryAndShowsInHealth() {
        cache.put("k", "v").block();

        cache.close().block();

        assertThat(cache.stats().localSize()).isZero();
        assertThat(cache.health().status()).isEqualTo(CacheHealth.Status.CLOSED);
    }

    @Test
    void closingTwiceDoesNothing() {
        cache.close().block();

        StepVerifier.create(cache.close()).verifyComplete();
    }

    @Test
    void invalidationsComplete() {
        StepVerifier.create(cache.invalidations())
                .then(() -> {
                    cache.close().block();
                    timer.advanceTime();
                })
                .verifyComplete();
        StepVerifier.create(cache.invalidations())
                .then(timer::advanceTime)
                .as("subscribed after close")
                .verifyComplete();
    }

    @Test
    void aLoadUnderWayStillAnswersItsCallersAndIsNotKept() {
        CompletableFuture<String> loading = cache.getOrFetch("k", source).toFuture();

        cache.close().block();
        source.answer(0, "v");

        assertThat(loading).isCompletedWithValue("v");
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void whatAWriteUnderWayStoresIsNotServedAfterClose() {
        Sinks.One<String> write = Sinks.one();
        CompletableFuture<String> writing =
                cache.writeThrough("k", write.asMono()).toFuture();

        cache.close().block();
        write.tryEmitValue("v").orThrow();

        assertThat(writing).isCompletedWithValue("v");
        assertThat(failureOf(cache.get("k").toFuture())).isInstanceOf(IllegalStateException.class);
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void whoWaitedForAReadThatFoundNothingBeginsNoLoadAfterClose() {
        FakeTier tier = new FakeServer(timer).connect();
        ReactiveCache<String, String> shared = ReactiveCache.<String, String>builder("closing")
                .timer(timer)
                .key(KeyCodec.ofString())
                .value(new PickyCodec())
                .remote(tier)
                .build();
        Held read = tier.hold(Op.READ);
        shared.get("k").toFuture();
        CompletableFuture<String> waiting = shared.getOrFetch("k", source).toFuture();
        read.arrive();

        shared.close().block();
        read.reply();

        assertThat(source.loads()).as("loads").isZero();
        assertThat(failureOf(waiting)).isInstanceOf(IllegalStateException.class);
    }
}
