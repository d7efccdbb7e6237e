package dev.reactivecache.chaos;

import dev.reactivecache.redis.ChangeSource;
import java.time.Duration;
import java.util.Locale;

/**
 * One run.
 *
 * @param time for how long faults are injected
 * @param nodes how many processes have the cache open
 * @param seed of the faults and of what the nodes do
 * @param control a mistake that the oracle must find, or none
 */
record ChaosSettings(Duration time, int nodes, long seed, Control control) {
    /** B of all nodes. Below the default, so that more answers are judged by it. */
    static final Duration BOUND = Duration.ofMillis(500);

    static final Duration READ_TIMEOUT = Duration.ofMillis(500);
    static final Duration WRITE_TIMEOUT = Duration.ofSeconds(1);
    static final Duration LOAD_TIMEOUT = Duration.ofSeconds(5);

    /** Long, so that what was missed is not mended by expiry. */
    static final Duration LOCAL_TTL = Duration.ofMinutes(5);

    static final String CACHE = "chaos";
    static final int KEYS = 80;

    /** A mistake made on purpose: a harness that does not fail then proves nothing. */
    enum Control {
        NONE,
        /** Some changes of the source are not told to the cache, and are recorded as if they were. */
        UNTOLD_CHANGE,
        /** Now and then a node puts the version back that was before the current one. */
        OLD_PUT
    }

    /** How the nodes hear of changes: the property {@code chaos.source}, {@code events} or {@code tracking}. */
    static ChangeSource source() {
        return ChangeSource.valueOf(System.getProperty("chaos.source", "events").toUpperCase(Locale.ROOT));
    }

    /** From the properties {@code chaos.seconds}, {@code chaos.seed}, {@code chaos.nodes} and {@code chaos.control}. */
    static ChaosSettings ofProperties() {
        String seed = System.getProperty("chaos.seed", "");
        return new ChaosSettings(
                Duration.ofSeconds(Long.getLong("chaos.seconds", 60)),
                Integer.getInteger("chaos.nodes", 3),
                seed.isBlank() ? System.nanoTime() & 0xFFFFFF : Long.parseLong(seed),
                Control.valueOf(System.getProperty("chaos.control", "NONE")));
    }
}
