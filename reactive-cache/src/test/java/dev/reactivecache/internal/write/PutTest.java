package dev.reactivecache.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.local.LocalTier;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What is put into an in-memory cache, and for how long it stays. */
class PutTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, String> cache = builder().build();
    private final HeldSource source = new HeldSource();

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("put")
                .timer(timer)
                .jitter(0)
                .ttl(Duration.ofMinutes(10));
    }

    @Test
    void thePutValueIsReadWithoutALoad() {
        cache.put("k", "v").block();

        StepVerifier.create(cache.getOrFetch("k", source)).expectNext("v").verifyComplete();
        assertThat(source.loads()).isZero();
    }

    @Test
    void thePutValueReplacesAnOlderOne() {
        cache.put("k", "old").block();

        cache.put("k", "new").block();

        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
    }

    @Test
    void aLoadUnderWayDoesNotReplaceTheValuePutMeanwhile() {
        CompletableFuture<String> loading = cache.getOrFetch("k", source).toFuture();

        cache.put("k", "put").block();
        StepVerifier.create(cache.getOrFetch("k", source))
                .as("during the load")
                .expectNext("put")
                .verifyComplete();
        source.answer(0, "from before");

        assertThat(loading).isCompletedWithValue("from before");
        StepVerifier.create(cache.get("k")).expectNext("put").verifyComplete();
    }

    @Test
    void aPutValueIsServedUntilTheTtlEndsAndNotLonger() {
        cache.put("k", "v").block();

        timer.advanceTimeBy(Duration.ofMinutes(10).minusNanos(1));
        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();
        timer.advanceTimeBy(Duration.ofNanos(1));

        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test
    void anEntryMayHaveAShorterTtlOfItsOwn() {
        cache.put("k", "v", EntryOptions.defaults().withTtl(Duration.ofSeconds(5)))
                .block();

        timer.advanceTimeBy(Duration.ofSeconds(5).minusNanos(1));
        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();
        timer.advanceTimeBy(Duration.ofNanos(1));

        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test
    void anEntryMayHaveALongerTtlOfItsOwnThanTheCache() {
        cache.put("usual", "v").block();
        cache.put("k", "v", EntryOptions.defaults().withTtl(Duration.ofHours(5)))
                .block();

        timer.advanceTimeBy(Duration.ofHours(5).minusNanos(1));
        StepVerifier.create(cache.get("usual")).verifyComplete();
        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();
        timer.advanceTimeBy(Duration.ofNanos(1));

        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test
    void theLocalTtlLimitsPutAndWrittenValuesAsItLimitsLoadedOnes() {
        ReactiveCache<String, String> brief = builder()
                .local(LocalTier.<String, String>maximumSize(100).withTtl(Duration.ofSeconds(30)))
                .build();
        brief.put("put", "v").block();
        brief.writeThrough("written", Mono.just("v")).block();
        brief.getOrFetch("loaded", Mono.just("v")).block();

        timer.advanceTimeBy(Duration.ofSeconds(30).minusNanos(1));
        StepVerifier.create(brief.get("put")).expectNext("v").verifyComplete();
        StepVerifier.create(brief.get("written")).expectNext("v").verifyComplete();
        StepVerifier.create(brief.get("loaded")).expectNext("v").verifyComplete();
        timer.advanceTimeBy(Duration.ofNanos(1));

        StepVerifier.create(brief.get("loaded")).verifyComplete();
        StepVerifier.create(brief.get("put")).verifyComplete();
        StepVerifier.create(brief.get("written")).verifyComplete();
    }

    @Test
    void theMemoryOfExpiredEntriesIsReclaimed() {
        for (int i = 0; i < 100; i++) {
            cache.put("k" + i, "v").block();
        }

        timer.advanceTimeBy(Duration.ofMinutes(11));
        for (int i = 0; i < 3; i++) {
            cache.put("later", "v").block();
        }

        assertThat(cache.stats().localSize()).isEqualTo(1);
    }
}
