package dev.reactivecache.internal.policy;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** The rules that values given by a user must keep. Each message names the setting, the rule and what came. */
public final class Checks {
    /** The longest time to live: 1,000 days. */
    public static final Duration LONGEST = Duration.ofDays(1_000);

    /** The shortest time to live. */
    public static final Duration SHORTEST_TTL = Duration.ofMillis(1);

    private Checks() {}

    /** A time to live: between a millisecond, the grain of Redis's clock, and {@link #LONGEST}. */
    public static Duration ttl(String name, Duration value) {
        requireNonNull(value, name);
        if (value.compareTo(SHORTEST_TTL) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " (" + value + ") must be between a millisecond and 1,000 days");
        }
        return value;
    }

    /** A time to wait: positive, and at most {@link #LONGEST}. */
    public static Duration positive(String name, Duration value) {
        requireNonNull(value, name);
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " (" + value + ") must be above zero and at most 1,000 days");
        }
        return value;
    }

    /** A time that something is added for: not negative, and at most {@link #LONGEST}. Zero is off. */
    public static Duration window(String name, Duration value) {
        requireNonNull(value, name);
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " (" + value + ") must be at least zero and at most 1,000 days");
        }
        return value;
    }

    /** A share of one, one excluded. */
    public static double fraction(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " (" + value + ") must be at least 0 and below 1");
        }
        return value;
    }

    /** A count of at least one. */
    public static long positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " (" + value + ") must be above zero");
        }
        return value;
    }

    /** That one duration is not above another. */
    public static void notLonger(String name, Duration value, String limitName, Duration limit) {
        if (value.compareTo(limit) > 0) {
            throw new IllegalStateException(
                    name + " (" + value + ") must not be longer than " + limitName + " (" + limit + ")");
        }
    }
}
