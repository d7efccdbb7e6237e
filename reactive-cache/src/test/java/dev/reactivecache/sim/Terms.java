package dev.reactivecache.sim;

import dev.reactivecache.Coalescing;
import dev.reactivecache.OnUnreachable;
import dev.reactivecache.redis.NotificationSetup;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The settings of one run: the same on all of its nodes.
 *
 * @param usualDelayNanos the most that a message takes when nothing is wrong
 * @param resends whether clients send again what was not answered before a reconnection
 * @param mutes whether notifications are switched off for a while; copies then live for long
 * @param aging what becomes of values whose time to live has ended
 */
record Terms(
        int nodes,
        int keys,
        Duration stalenessBound,
        Duration readTimeout,
        Duration writeTimeout,
        Duration loadTimeout,
        Duration quarantine,
        Duration lease,
        Duration ttl,
        Duration localTtl,
        Duration absentTtl,
        long usualDelayNanos,
        boolean resends,
        boolean mutes,
        NotificationSetup notifications,
        OnUnreachable onUnreachable,
        int recoveryCapacity,
        Aging aging) {
    /** Within which a node notices that notifications are off. */
    static final Duration PROBE_PERIOD = Duration.ofSeconds(10);

    private static final List<String> NAMES = List.of("local", "fleet", "puts");

    static final int CACHES = 3;

    /** A cache whose values are only put and loaded; its source never changes. */
    static final int PUTS = 2;

    static Terms draw(SplittableRandom random, Aging aging) {
        boolean mutes = random.nextInt(8) == 0;
        boolean lasting = mutes || random.nextInt(4) == 0;
        Duration localTtl = Duration.ofSeconds(lasting ? 100 : 4);
        Duration ttl = localTtl.plusSeconds(random.nextInt(3));
        if (aging.isOn() && !lasting) {
            ttl = ttl.dividedBy(4);
            localTtl = localTtl.dividedBy(4L << random.nextInt(3));
        }
        return new Terms(
                2 + random.nextInt(3),
                1 + random.nextInt(3),
                Duration.ofMillis(random.nextBoolean() ? 1_500 : 600),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofMillis(random.nextInt(3) == 0 ? 300 : 3_000),
                Duration.ofMillis(random.nextInt(3) == 0 ? 200 : 1_500),
                ttl,
                localTtl,
                Duration.ofSeconds(3),
                1_000_000L << random.nextInt(6),
                random.nextBoolean(),
                mutes,
                random.nextBoolean() ? NotificationSetup.ADD_MISSING : NotificationSetup.LEAVE,
                random.nextInt(4) == 0 ? OnUnreachable.WRITE_AND_RECOVER : OnUnreachable.REFUSE_WRITE,
                random.nextInt(4) == 0 ? 1 : 100,
                aging);
    }

    static String cache(int index) {
        return NAMES.get(index);
    }

    static Coalescing coalescing(int cache) {
        return cache == 1 ? Coalescing.CLUSTER : Coalescing.LOCAL;
    }

    /** The longest that one question of a read may be out. */
    long questionNanos() {
        return Math.max(readTimeout.toNanos(), writeTimeout.toNanos());
    }

    /** The longest that a read may take, whatever happens, pauses aside. */
    long longestReadNanos() {
        return 2 * loadTimeout.toNanos() + 4 * (readTimeout.toNanos() + writeTimeout.toNanos());
    }
}
