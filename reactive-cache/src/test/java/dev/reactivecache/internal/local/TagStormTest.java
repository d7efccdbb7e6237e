package dev.reactivecache.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.Loaded;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.HeldSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** G16: ends of tags void what has these tags, and nothing else, however many there are. */
class TagStormTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final AtomicInteger loads = new AtomicInteger();

    private ReactiveCache<String, String> cache(boolean remote) {
        ReactiveCacheBuilder<String, String> builder = ReactiveCache.<String, String>builder("storm")
                .key(KeyCodec.ofString())
                .value(ValueCodec.ofString())
                .timer(timer);
        return remote ? builder.remote(new FakeServer(timer).connect()).build() : builder.build();
    }

    private Mono<String> slowRead(ReactiveCache<String, String> cache, String key) {
        return cache.getOrFetchLoaded(
                key,
                same -> Mono.delay(Duration.ofMillis(50), timer)
                        .map(tick -> Loaded.of("v" + loads.incrementAndGet()).withTags("own")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsOfOtherTagsCauseNoLoads(boolean remote) {
        ReactiveCache<String, String> cache = cache(remote);

        for (int millis = 0; millis < 1_000; millis += 5) {
            cache.invalidateTag("other" + millis).block();
            slowRead(cache, "k").subscribe();
            timer.advanceTimeBy(Duration.ofMillis(5));
        }

        assertThat(loads).as("loads of one key in a second").hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoJoinsALoadAfterItsTagHasEndedReadsAgain(boolean remote) {
        ReactiveCache<String, String> cache = cache(remote);
        CompletableFuture<String> before = slowRead(cache, "k").toFuture();
        timer.advanceTimeBy(Duration.ofMillis(20));

        cache.invalidateTag("own").block();
        CompletableFuture<String> after = slowRead(cache, "k").toFuture();
        timer.advanceTimeBy(Duration.ofMillis(30));

        assertThat(before).isCompletedWithValue("v1");
        assertThat(after).as("joined, and was sent to read again").isNotDone();
        timer.advanceTimeBy(Duration.ofMillis(50));
        assertThat(after).isCompletedWithValue("v2");
        assertThat(cache.get("k").toFuture()).isCompletedWithValue("v2");
    }

    @Test
    void aLoadFromBeforeMoreEndsThanAreRememberedIsNotKept() {
        ReactiveCache<String, String> cache = cache(false);
        CompletableFuture<String> read = slowRead(cache, "k").toFuture();

        for (int i = 0; i <= 10_000; i++) {
            cache.invalidateTag("other" + i).block();
        }
        timer.advanceTimeBy(Duration.ofMillis(50));

        assertThat(read).isCompletedWithValue("v1");
        assertThat(cache.get("k").toFuture())
                .as("it may have been one of its tags")
                .isCompletedWithValue(null);
    }

    @Test
    void endsOfOtherTagsLeaveAWriteItsValue() {
        ReactiveCache<String, String> cache = cache(false);
        Sinks.One<String> write = Sinks.one();
        cache.writeThrough("k", write.asMono(), EntryOptions.defaults().withTags("own"))
                .subscribe();
        cache.invalidateTag("other").block();

        write.tryEmitValue("v");

        assertThat(cache.get("k").toFuture()).isCompletedWithValue("v");
    }

    @Test
    void theEndOfItsTagTakesAWriteItsValue() {
        ReactiveCache<String, String> cache = cache(false);
        Sinks.One<String> write = Sinks.one();
        cache.writeThrough("k", write.asMono(), EntryOptions.defaults().withTags("own"))
                .subscribe();
        cache.invalidateTag("own").block();

        write.tryEmitValue("v");

        assertThat(cache.get("k").toFuture()).isCompletedWithValue(null);
    }

    @Test
    void anUntaggedLoadIsSharedWhileTagsEnd() {
        ReactiveCache<String, String> cache = cache(false);
        HeldSource source = new HeldSource();
        CompletableFuture<String> first = cache.getOrFetch("k", source).toFuture();
        cache.invalidateTag("other").block();

        CompletableFuture<String> second = cache.getOrFetch("k", source).toFuture();
        source.answer(0, "v");

        assertThat(first).isCompletedWithValue("v");
        assertThat(second).isCompletedWithValue("v");
        assertThat(source.loads()).isEqualTo(1);
    }
}
