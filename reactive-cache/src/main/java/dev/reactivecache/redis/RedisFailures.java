package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.RedisCommandExecutionException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

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
        if (failure instanceof RedisCommandExecutionException refusal) {
            return answered(refusal, about);
        }
        if (failure instanceof TimeoutException) { // which has nothing to add but where a timer ran
            return new RemoteTierException(about.apply("no answer within " + timeout), null);
        }
        return new RemoteTierException(about.apply(String.valueOf(failure.getMessage())), failure);
    }

    private static RemoteTierException answered(RedisCommandExecutionException refusal, UnaryOperator<String> about) {
        String answer = String.valueOf(refusal.getMessage());
        if (answer.startsWith("NOPERM") || answer.contains("user executing the script")) {
            return missingRights("the user lacks a right: " + answer, refusal, about);
        }
        if (answer.startsWith("ERR unknown command")) {
            String command = answer.replaceFirst(",? with args beginning with.*", ""); // which differ each time
            return new RedisConfigurationException(
                    about.apply("it lacks a command that is needed, which may have been renamed: " + command), refusal);
        }
        return new RemoteTierException(about.apply(answer), refusal);
    }

    /** The error for a user who may not do what the tier needs. */
    static RedisConfigurationException missingRights(
            String what, @Nullable Throwable refusal, UnaryOperator<String> about) {
        return new RedisConfigurationException(
                about.apply(what + "; docs/redis.md lists all that a user needs, under Rights"), refusal);
    }

    /** Whether a key held another type of value than the command is for. */
    static boolean isWrongType(Throwable failure) {
        Throwable answer = failure.getCause();
        return answer != null && String.valueOf(answer.getMessage()).startsWith("WRONGTYPE");
    }
}
