package dev.reactivecache.samples.catalog;

import dev.reactivecache.redis.RedisTier;
import java.time.Duration;

/**
 * The system properties of the demo.
 *
 * @param redis {@code catalog.redis}: embedded (the default), none, or the URI of one
 * @param once {@code demo.once}: end after the table
 * @param time {@code demo.seconds}: how long the load runs; 10
 * @param clients {@code demo.clients}: how many at once; 32
 * @param queryDelay {@code demo.query-delay-millis}: what is added to each query of the database; 5
 */
record DemoSettings(String redis, boolean once, Duration time, int clients, Duration queryDelay) {
    static final String EMBEDDED_REDIS = "embedded";
    static final String NO_REDIS = "none";

    DemoSettings {
        if (!redis.equals(EMBEDDED_REDIS) && !redis.equals(NO_REDIS)) {
            RedisTier.builder(redis); // fails at once if something is wrong with it
        }
    }

    static DemoSettings ofSystemProperties() {
        return new DemoSettings(
                System.getProperty("catalog.redis", EMBEDDED_REDIS),
                !System.getProperty("demo.once", "false").equals("false"),
                Duration.ofSeconds(number("demo.seconds", 10, 1)),
                number("demo.clients", 32, 2),
                Duration.ofMillis(number("demo.query-delay-millis", 5, 0)));
    }

    private static int number(String property, int otherwise, int minimum) {
        String text = System.getProperty(property, "" + otherwise);
        try {
            int number = Integer.parseInt(text);
            if (number >= minimum) {
                return number;
            }
        } catch (NumberFormatException e) { // said below
        }
        throw new IllegalArgumentException(property + " ('" + text + "') must be a whole number, at least " + minimum);
    }
}
