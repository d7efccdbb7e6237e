package dev.reactivecache.internal.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.Cached;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.ReactiveCache;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A peek tells what is there, and where, and never loads. */
class PeekTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("peek")
            .timer(timer)
            .jitter(0)
            .ttl(Duration.ofMinutes(1))
            .absentTtl(Duration.ofSeconds(20))
            .loader(key -> Mono.error(new AssertionError("a peek loads")))
            .build();

    @Test
    void missIsEmpty() {
        StepVerifier.create(cache.peek("k")).verifyComplete();
    }

    @Test
    void valueComesWithItsOriginAndAge() {
        cache.put("k", "v").block();
        timer.advanceTimeBy(Duration.ofSeconds(15));

        StepVerifier.create(cache.peek("k"))
                .expectNext(new Cached<>("v", Origin.LOCAL, Duration.ofSeconds(15), Duration.ofSeconds(45)))
                .verifyComplete();
    }

    @Test
    void knownAbsenceIsAnAnswer() {
        cache.getOrFetch("k", Mono.empty()).block();

        StepVerifier.create(cache.peek("k"))
                .assertNext(answer -> assertThat(answer.isAbsent()).isTrue())
                .verifyComplete();
    }

    @Test
    void keyIsRequired() {
        assertThatThrownBy(() -> cache.peek(null)).isInstanceOf(NullPointerException.class);
    }
}
