package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/** What a failed command means to the tier. */
final class RedisFailures {
    private RedisFailures() {}

    /**
     * The failure as the tier signals it; itself if it is that already.
     *
     * @param timeout how long the command was waited for
     * @param about makes a message about the server
     */
    static RemoteTierException asTierFailure(Throwable failure, Duration timeout, UnaryOperator<String> about) {
        if (failure instanceof RemoteTierException known) {
            return known;
        }
        String what = failure instanceof TimeoutException
                ? "no answer within " + timeout
                : String.valueOf(failure.getMessage());
        return new RemoteTierException(about.apply(what), failure);
    }

    /** Whether a key held another type of value than the command is for. */
    static boolean isWrongType(Throwable failure) {
        Throwable answer = failure.getCause();
        return answer != null && String.valueOf(answer.getMessage()).startsWith("WRONGTYPE");
    }
}
