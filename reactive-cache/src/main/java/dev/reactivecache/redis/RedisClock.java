package dev.reactivecache.redis;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the Redis server's clock says, without asking it each time: its last answer to {@code TIME}, plus this node's
 * own monotonic time since that question was <em>sent</em>. That runs ahead of the server by at most the answer's way,
 * so a remaining life computed from it is never too long. No two machines' clocks are compared.
 */
final class RedisClock {
    private record Sample(long serverMillis, long sentAtNanos, long answeredAtNanos) {}

    private volatile @Nullable Sample last;

    /** Notes an answer to {@code TIME}, rounded up. */
    void set(long serverMillis, long sentAtNanos, long answeredAtNanos) {
        last = new Sample(serverMillis, sentAtNanos, answeredAtNanos);
    }

    /** The same, rounded down: it is at least that late there. Later than any time, before the first answer. */
    long leastMillisAt(long nanos) {
        Sample sample = last;
        if (sample == null) {
            return Long.MAX_VALUE;
        }
        return sample.serverMillis() - 1 + TimeUnit.NANOSECONDS.toMillis(nanos - sample.answeredAtNanos());
    }

    /** The server's time at a moment of this node's clock, rounded up. Later than any time, before the first answer. */
    long millisAt(long nanos) {
        Sample sample = last;
        if (sample == null) {
            return Long.MAX_VALUE;
        }
        return sample.serverMillis() + TimeUnit.NANOSECONDS.toMillis(nanos - sample.sentAtNanos() + 999_999);
    }
}
