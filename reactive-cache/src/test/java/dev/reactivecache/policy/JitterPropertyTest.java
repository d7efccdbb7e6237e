package dev.reactivecache.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;

/** Lives are shortened at random, within bounds, evenly, and anew each time; a copy never outlives its original. */
class JitterPropertyTest {
    private static final long THOUSAND_DAYS = 86_400_000_000_000_000L;

    /** A double has 53 bits: above a hundred days or so its grain is several nanoseconds. */
    private static final long GRAIN = 16;

    private static Duration nanos(long nanos) {
        return Duration.ofNanos(nanos);
    }

    @Property
    void aLifeIsNeverLongerAndNeverShorterThanTheFractionAllows(
            @ForAll @LongRange(min = 1, max = THOUSAND_DAYS) long life,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double fraction,
            @ForAll long seed) {
        long jittered = new Jitter(fraction).apply(life, new Random(seed));

        assertThat(jittered).isLessThanOrEqualTo(life).isPositive();
        assertThat((double) jittered).isGreaterThanOrEqualTo((1 - fraction) * life - GRAIN);
    }

    @Property(tries = 100)
    void withoutJitterALifeIsAsItWasGiven(
            @ForAll @LongRange(min = 1, max = THOUSAND_DAYS) long life, @ForAll long seed) {
        assertThat(new Jitter(0).apply(life, new Random(seed))).isEqualTo(life);
    }

    @Property(tries = 20, seed = "20261123")
    void livesAreSpreadEvenlyOverTheirRange(@ForAll("fractions") double fraction, @ForAll long seed) {
        int buckets = 50;
        int draws = 20_000;
        long life = Duration.ofMinutes(10).toNanos();
        Jitter jitter = new Jitter(fraction);
        Random random = new Random(seed);
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
        // 49 degrees of freedom: exceeded by chance once in a hundred thousand times
        assertThat(chiSquare).isLessThan(103);
    }

    @Provide
    Arbitrary<Double> fractions() {
        return Arbitraries.of(0.01, 0.1, 0.25, 0.5, 0.9);
    }

    @Property(tries = 100)
    void everyFillDrawsAnew(@ForAll long seed) {
        Lifetimes lifetimes = new Lifetimes(Duration.ofMinutes(10), null, Duration.ofMinutes(1), new Jitter(0.1));
        Random random = new Random(seed);

        long first = lifetimes.drawNanos(false, null, random);
        long second = lifetimes.drawNanos(false, null, random);
        long copy = lifetimes.drawLocalNanos(first, random);
        long otherCopy = lifetimes.drawLocalNanos(first, random);

        assertThat(first).isNotEqualTo(second);
        assertThat(copy).isNotEqualTo(otherCopy);
    }

    @Property
    void aLocalCopyOutlivesNeitherItsOriginalNorTheLocalTtl(
            @ForAll @LongRange(min = 1, max = THOUSAND_DAYS) long remaining,
            @ForAll @LongRange(min = 1_000_000, max = THOUSAND_DAYS) long localTtl,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double fraction,
            @ForAll long seed) {
        Lifetimes lifetimes = new Lifetimes(nanos(THOUSAND_DAYS), null, nanos(localTtl), new Jitter(fraction));

        long copy = lifetimes.drawLocalNanos(remaining, new Random(seed));

        assertThat(copy).isLessThanOrEqualTo(remaining).isLessThanOrEqualTo(localTtl);
        assertThat((double) copy)
                .as("no shorter than jitter makes it")
                .isGreaterThanOrEqualTo((1 - fraction) * Math.min(remaining, localTtl) - GRAIN);
    }

    @Property
    void aValueLivesForItsOwnTtlElseTheCachesAndAtLeastAMillisecond(
            @ForAll @LongRange(min = 1_000_000, max = THOUSAND_DAYS) long ttl,
            @ForAll @LongRange(min = 1_000_000, max = THOUSAND_DAYS) long own,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double fraction,
            @ForAll long seed) {
        Lifetimes lifetimes = new Lifetimes(nanos(ttl), null, nanos(ttl), new Jitter(fraction));

        assertThat(lifetimes.drawNanos(false, null, new Random(seed))).isBetween(1_000_000L, ttl);
        assertThat(lifetimes.drawNanos(false, nanos(own), new Random(seed))).isBetween(1_000_000L, own);
    }

    @Property
    void absenceLivesForItsOwnTtl(
            @ForAll @LongRange(min = 1_000_000, max = THOUSAND_DAYS) long absentTtl, @ForAll long seed) {
        Lifetimes lifetimes =
                new Lifetimes(nanos(THOUSAND_DAYS), nanos(absentTtl), nanos(THOUSAND_DAYS), new Jitter(0.5));

        assertThat(lifetimes.keepsAbsence()).isTrue();
        assertThat(lifetimes.drawNanos(true, null, new Random(seed))).isBetween(1_000_000L, absentTtl);
    }
}
