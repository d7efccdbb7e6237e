package dev.reactivecache.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How waits grow. */
class BackoffTest {
    @Test
    void waitsDoubleUpToALimitAndDiffer() {
        Random random = new Random(1);

        for (int attempts = 0; attempts < 100; attempts++) {
            long whole = Math.min(5_000, attempts < 10 ? 100L << attempts : Long.MAX_VALUE);
            int same = attempts;
            assertThat(IntStream.range(0, 50).mapToObj(i -> Duration.ofNanos(Backoff.nanos(same, random))))
                    .as("after %s attempts", attempts)
                    .allSatisfy(
                            wait -> assertThat(wait).isBetween(Duration.ofMillis(whole / 2), Duration.ofMillis(whole)))
                    .doesNotHaveDuplicates();
        }
    }
}
