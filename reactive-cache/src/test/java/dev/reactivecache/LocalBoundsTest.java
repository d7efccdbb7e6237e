package dev.reactivecache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.local.LocalTier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The local tier holds no more than it was allowed to. */
class LocalBoundsTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("bounded").timer(timer).jitter(0);
    }

    @Test
    void loadedEntriesStayWithinTheSize() {
        ReactiveCache<String, String> cache =
                builder().local(LocalTier.maximumSize(10)).build();

        for (int i = 0; i < 500; i++) {
            StepVerifier.create(cache.getOrFetch("k" + i, Mono.just("v")))
                    .expectNext("v")
                    .verifyComplete();
        }

        assertThat(cache.stats().localSize()).isLessThanOrEqualTo(10);
    }

    @Test
    void entriesStayWithinTheWeight() {
        ReactiveCache<String, String> cache = builder()
                .local(LocalTier.maximumWeight(100, (String key, String value) -> value.length()))
                .build();

        for (int i = 0; i < 100; i++) {
            cache.put("k" + i, "0123456789").block();
        }

        assertThat(cache.stats().localSize()).as("ten of weight 10").isEqualTo(10);
    }

    @Test
    void aValueHeavierThanAllRoomIsServedButNotKept() {
        ReactiveCache<String, String> cache = builder()
                .local(LocalTier.maximumWeight(100, (String key, String value) -> value.length()))
                .build();

        StepVerifier.create(cache.getOrFetch("k", Mono.just("x".repeat(101))))
                .expectNextCount(1)
                .verifyComplete();

        StepVerifier.create(cache.get("k")).verifyComplete();
        assertThat(cache.stats().evictions()).isEqualTo(1);
    }

    @Test
    void knownAbsenceWeighsOneAndTheWeigherDoesNotSeeIt() {
        ReactiveCache<String, String> cache = builder()
                .absentTtl(Duration.ofMinutes(1))
                .local(LocalTier.maximumWeight(3, (String key, String value) -> value.length()))
                .build();

        for (int i = 0; i < 20; i++) {
            StepVerifier.create(cache.getOrFetch("k" + i, Mono.empty())).verifyComplete();
        }

        assertThat(cache.stats().localSize()).isEqualTo(3);
    }

    @Test
    void aWeigherThatFailsDoesNotFailTheRead() {
        ReactiveCache<String, String> cache = builder()
                .local(LocalTier.<String, String>maximumWeight(100, (key, value) -> {
                    throw new IllegalStateException("broken weigher");
                }))
                .build();

        StepVerifier.create(cache.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();

        StepVerifier.create(cache.get("k")).verifyComplete();
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void loadsUnderWayAreNotEvictedForWantOfRoom() {
        HeldSource source = new HeldSource();
        ReactiveCache<String, String> cache =
                builder().local(LocalTier.maximumSize(2)).build();

        List<CompletableFuture<String>> loading = IntStream.range(0, 50)
                .mapToObj(i -> cache.getOrFetch("k" + i, source).toFuture())
                .toList();
        List<CompletableFuture<String>> joined = IntStream.range(0, 50)
                .mapToObj(i -> cache.getOrFetch("k" + i, source).toFuture())
                .toList();

        assertThat(source.loads()).as("still one load per key").isEqualTo(50);
        IntStream.range(0, 50).forEach(i -> source.answer(i, "v" + i));
        assertThat(loading).allSatisfy(load -> assertThat(load).isCompleted());
        assertThat(joined).allSatisfy(load -> assertThat(load).isCompleted());
        assertThat(cache.stats().localSize()).isLessThanOrEqualTo(2);
    }
}
