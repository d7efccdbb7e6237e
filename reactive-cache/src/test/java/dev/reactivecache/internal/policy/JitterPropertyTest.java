package dev.reactivecache.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lives are shortened at random, within bounds, evenly, and anew each time; a copy never outlives its original. */
class JitterPropertyTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long THOUSAND_DAYS = 86_400_000_000_000_000L;

    /** A double has 53 bits: above a hundred days or so its grain is several nanoseconds. */
    private static final long GRAIN = 16;

    private static Duration nanos(long nanos) {
        return Duration.ofNanos(nanos);
    }

    @Fuzzed
    void aLifeIsNeverLongerAndNeverShorterThanTheFractionAllows() {
        Fuzz.tries(1_000, draw -> {
            long life = draw.between(1, THOUSAND_DAYS);
            double fraction = draw.fraction();

            long jittered = new Jitter(fraction).apply(life, draw.random());

            assertThat(jittered).isLessThanOrEqualTo(life).isPositive();
            assertThat((double) jittered).isGreaterThanOrEqualTo((1 - fraction) * life - GRAIN);
        });
    }

    @Fuzzed
    void withoutJitterALifeIsAsItWasGiven() {
        Fuzz.tries(100, draw -> {
            long life = draw.between(1, THOUSAND_DAYS);

            assertThat(new Jitter(0).apply(life, draw.random())).isEqualTo(life);
        });
    }

    /** Chance may fail it, once in a hundred thousand times: so its seeds are the same for ever. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1, 0.25, 0.5, 0.9})
    void livesAreSpreadEvenlyOverTheirRange(double fraction) {
        for (int seed = 1; seed <= 4; seed++) {
            assertThat(chiSquare(new Jitter(fraction), fraction, new Random(seed)))
                    .as("49 degrees of freedom, seed %d", seed)
                    .isLessThan(103);
        }
    }

    private static double chiSquare(Jitter jitter, double fraction, Random random) {
        int buckets = 50;
        int draws = 20_000;
        long life = Duration.ofMinutes(10).toNanos();
        int[] counts = new int[buckets];

        for (int i = 0; i < draws; i++) {
            double takenOff = (life - jitter.apply(life, random)) / (life * fraction);
            counts[Math.min(buckets - 1, (int) (takenOff * buckets))]++;
        }

        double expected = (double) draws / buckets;
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += (count - expected) * (count - expected) / expected;
        }
        return chiSquare;
    }

    @Fuzzed
    void everyFillDrawsAnew() {
        Lifetimes lifetimes = new Lifetimes(Duration.ofMinutes(10), null, Duration.ofMinutes(1), new Jitter(0.1));
        Fuzz.tries(100, draw -> {
            long first = lifetimes.drawNanos(false, null, draw.random());
            long second = lifetimes.drawNanos(false, null, draw.random());
            long copy = lifetimes.drawLocalNanos(first, draw.random());
            long otherCopy = lifetimes.drawLocalNanos(first, draw.random());

            assertThat(first).isNotEqualTo(second);
            assertThat(copy).isNotEqualTo(otherCopy);
        });
    }

    @Fuzzed
    void aLocalCopyOutlivesNeitherItsOriginalNorTheLocalTtl() {
        Fuzz.tries(1_000, draw -> {
            long remaining = draw.between(1, THOUSAND_DAYS);
            long localTtl = draw.between(MILLISECOND, THOUSAND_DAYS);
            double fraction = draw.fraction();
            Lifetimes lifetimes = new Lifetimes(nanos(THOUSAND_DAYS), null, nanos(localTtl), new Jitter(fraction));

            long copy = lifetimes.drawLocalNanos(remaining, draw.random());

            assertThat(copy).isLessThanOrEqualTo(remaining).isLessThanOrEqualTo(localTtl);
            assertThat((double) copy)
                    .as("no shorter than jitter makes it")
                    .isGreaterThanOrEqualTo((1 - fraction) * Math.min(remaining, localTtl) - GRAIN);
        });
    }

    @Fuzzed
    void aValueLivesForItsOwnTtlElseTheCachesAndAtLeastAMillisecond() {
        Fuzz.tries(1_000, draw -> {
            long ttl = draw.between(MILLISECOND, THOUSAND_DAYS);
            long own = draw.between(MILLISECOND, THOUSAND_DAYS);
            Lifetimes lifetimes = new Lifetimes(nanos(ttl), null, nanos(ttl), new Jitter(draw.fraction()));

            assertThat(lifetimes.drawNanos(false, null, draw.random())).isBetween(MILLISECOND, ttl);
            assertThat(lifetimes.drawNanos(false, nanos(own), draw.random())).isBetween(MILLISECOND, own);
        });
    }

    @Fuzzed
    void absenceLivesForItsOwnTtl() {
        Fuzz.tries(1_000, draw -> {
            long absentTtl = draw.between(MILLISECOND, THOUSAND_DAYS);
            Lifetimes lifetimes =
                    new Lifetimes(nanos(THOUSAND_DAYS), nanos(absentTtl), nanos(THOUSAND_DAYS), new Jitter(0.5));

            assertThat(lifetimes.keepsAbsence()).isTrue();
            assertThat(lifetimes.drawNanos(true, null, draw.random())).isBetween(MILLISECOND, absentTtl);
        });
    }
}
