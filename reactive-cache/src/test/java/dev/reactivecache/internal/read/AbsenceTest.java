package dev.reactivecache.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Cached.Origin;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.local.LocalTier;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The knowledge that the source has no value is kept only if asked for, and for its own time. */
class AbsenceTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, String> cache =
            builder().absentTtl(Duration.ofSeconds(20)).build();
    private final HeldSource source = new HeldSource();

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("absence")
                .timer(timer)
                .jitter(0)
                .ttl(Duration.ofMinutes(10));
    }

    @Test
    void absenceIsNotKeptByDefault() {
        ReactiveCache<String, String> forgetful = builder().build();
        StepVerifier.create(forgetful.getOrFetch("k", Mono.empty())).verifyComplete();

        StepVerifier.create(forgetful.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();
    }

    @Test
    void knownAbsenceIsAnsweredWithoutALoad() {
        StepVerifier.create(cache.getOrFetch("k", Mono.empty())).verifyComplete();

        StepVerifier.create(cache.getOrFetch("k", source)).verifyComplete();
        StepVerifier.create(cache.get("k")).verifyComplete();

        assertThat(source.loads()).isZero();
        assertThat(cache.stats().localHits()).isEqualTo(2);
    }

    @Test
    void knownAbsenceEndsWithItsOwnTtl() {
        StepVerifier.create(cache.getOrFetch("k", Mono.empty())).verifyComplete();

        timer.advanceTimeBy(Duration.ofSeconds(20).minusNanos(1));
        StepVerifier.create(cache.getOrFetch("k", Mono.just("v"))).verifyComplete();
        timer.advanceTimeBy(Duration.ofNanos(1));

        StepVerifier.create(cache.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();
    }

    @Test
    void knownAbsenceMayBeKeptLongerThanValues() {
        ReactiveCache<String, String> patient = builder()
                .ttl(Duration.ofSeconds(1))
                .absentTtl(Duration.ofMinutes(1))
                .build();
        StepVerifier.create(patient.getOrFetch("k", Mono.empty())).verifyComplete();

        timer.advanceTimeBy(Duration.ofSeconds(59));

        StepVerifier.create(patient.getOrFetch("k", Mono.just("v"))).verifyComplete();
    }

    @Test
    void theLocalTtlLimitsKnownAbsenceToo() {
        ReactiveCache<String, String> brief = builder()
                .absentTtl(Duration.ofMinutes(5))
                .local(LocalTier.<String, String>maximumSize(10).withTtl(Duration.ofSeconds(30)))
                .build();
        StepVerifier.create(brief.getOrFetch("k", Mono.empty())).verifyComplete();

        timer.advanceTimeBy(Duration.ofSeconds(30));

        StepVerifier.create(brief.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();
    }

    @Test
    void knownAbsenceGivesWayToAPut() {
        StepVerifier.create(cache.getOrFetch("k", Mono.empty())).verifyComplete();

        cache.put("k", "v").block();

        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();
    }

    @Test
    void knownAbsenceGivesWayToAnInvalidation() {
        StepVerifier.create(cache.getOrFetch("k", Mono.empty())).verifyComplete();

        cache.invalidate("k").block();

        StepVerifier.create(cache.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();
    }

    @Test
    void anErrorIsNotAbsence() {
        StepVerifier.create(cache.getOrFetch("k", Mono.error(new IllegalStateException("down"))))
                .verifyError(IllegalStateException.class);

        StepVerifier.create(cache.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();
    }

    @Test
    void aLookupTellsAbsenceFromAMiss() {
        StepVerifier.create(cache.lookup("k", key -> Mono.empty()))
                .assertNext(answer -> {
                    assertThat(answer.isAbsent()).isTrue();
                    assertThat(answer.origin()).isEqualTo(Origin.LOADER);
                    assertThat(answer.remainingTtl()).isEqualTo(Duration.ofSeconds(20));
                })
                .verifyComplete();

        timer.advanceTimeBy(Duration.ofSeconds(5));

        StepVerifier.create(cache.lookup("k", source))
                .assertNext(answer -> {
                    assertThat(answer.value()).isNull();
                    assertThat(answer.isAbsent()).isTrue();
                    assertThat(answer.origin()).isEqualTo(Origin.LOCAL);
                    assertThat(answer.age()).isEqualTo(Duration.ofSeconds(5));
                    assertThat(answer.remainingTtl()).isEqualTo(Duration.ofSeconds(15));
                })
                .verifyComplete();
    }
}
