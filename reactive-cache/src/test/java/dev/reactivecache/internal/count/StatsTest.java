package dev.reactivecache.internal.count;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheHealth;
import dev.reactivecache.CacheStats;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.RecoveryHealth;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.local.LocalTier;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Each counter of an in-memory cache moves when its documentation says so, and at no other time. */
class StatsTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, String> cache = builder().build();
    private final HeldSource source = new HeldSource();

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("counted").timer(timer).jitter(0);
    }

    @Test
    void aNewCacheHasCountedNothing() {
        assertThat(cache.stats())
                .isEqualTo(new CacheStats(
                        0, 0, 0, 0, 0, 0, Duration.ZERO, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void everyReadIsAHitAMissOrCoalesced() {
        cache.get("k").block(); // a miss
        cache.getOrFetch("k", source).toFuture(); // a miss
        cache.getOrFetch("k", source).toFuture(); // coalesced
        cache.lookup("k", source).toFuture(); // coalesced
        cache.get("k").block(); // a miss: it does not wait
        source.answer(0, "v");
        cache.get("k").block(); // a hit
        cache.getOrFetch("k", source).block(); // a hit
        cache.lookup("k", source).block(); // a hit

        CacheStats stats = cache.stats();

        assertThat(stats.localHits()).as("local hits").isEqualTo(3);
        assertThat(stats.misses()).as("misses").isEqualTo(3);
        assertThat(stats.coalesced()).as("coalesced").isEqualTo(2);
        assertThat(stats.remoteHits()).as("remote hits").isZero();
    }

    @Test
    void loadsAndTheirTimeAreCounted() {
        cache.getOrFetch("a", source).toFuture();
        cache.getOrFetch("b", source).toFuture();
        timer.advanceTimeBy(Duration.ofMillis(30));
        source.answer(0, "v");
        timer.advanceTimeBy(Duration.ofMillis(40));
        source.answerNothing(1);

        assertThat(cache.stats().loads()).as("loads").isEqualTo(2);
        assertThat(cache.stats().loadTime()).isEqualTo(Duration.ofMillis(100));
        assertThat(cache.stats().loadFailures()).as("failures").isZero();
    }

    @Test
    void failedLoadsAreCountedApart() {
        cache.getOrFetch("failed", source).toFuture();
        source.fail(0, new IllegalStateException("down"));
        cache.getOrFetch("null", key -> null).onErrorComplete().block();
        cache.getOrFetch("late", source).toFuture();
        timer.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(cache.stats().loadFailures()).as("failures").isEqualTo(3);
        assertThat(cache.stats().loads()).as("loads").isZero();
        assertThat(cache.stats().misses()).as("misses").isEqualTo(3);
    }

    @Test
    void ownChangesAreCountedAsInvalidations() {
        cache.put("k", "v").block();
        cache.invalidate("k").block();
        cache.writeThrough("k", Mono.just("v")).block();
        cache.deleteThrough("k", Mono.empty()).block();

        assertThat(cache.stats().invalidations()).isEqualTo(4);
    }

    @Test
    void whatIsInMemoryAndWhatWasEvictedIsCounted() {
        ReactiveCache<String, String> small =
                builder().local(LocalTier.maximumSize(5)).build();
        for (int i = 0; i < 20; i++) {
            small.put("k" + i, "v").block();
        }

        assertThat(small.stats().localSize()).as("keys").isEqualTo(5);
        assertThat(small.stats().evictions()).as("evictions").isEqualTo(15);
    }

    @Test
    void droppedAndExpiredEntriesAreNotEvictions() {
        cache.put("dropped", "v").block();
        cache.invalidate("dropped").block();
        cache.put("expired", "v").block();
        timer.advanceTimeBy(Duration.ofHours(1));
        cache.put("other", "v").block();
        cache.put("other", "v").block();

        assertThat(cache.stats().evictions()).isZero();
    }

    @Test
    void anInMemoryCacheIsUpAndHasNoRemoteTier() {
        CacheHealth health = cache.health();

        assertThat(health)
                .isEqualTo(
                        new CacheHealth("counted", CacheHealth.Status.UP, null, RecoveryHealth.NOTHING_PENDING, null));
    }

    @Test
    void nothingIsAskedOfTheRemoteTierOfACacheThatHasNone() {
        StepVerifier.create(cache.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();

        CacheStats stats = cache.stats();

        assertThat(stats.checks()
                        + stats.refusedFills()
                        + stats.unreadable()
                        + stats.unwritable()
                        + stats.remoteFailures()
                        + stats.gaps())
                .isZero();
    }
}
