package dev.reactivecache.spring;

import dev.reactivecache.redis.RedisConfigurationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do about a Redis that is there and cannot be used, when the start waited for it. */
final class RedisConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<RedisConfigurationException> {

    /** For Spring. */
    RedisConfigurationFailureAnalyzer() {}

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, RedisConfigurationException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), action(cause), cause);
    }

    private static String action(RedisConfigurationException cause) {
        return advice(causes(cause))
                + " To start all the same, with answers from the source until Redis can be used, remove"
                + " reactive-cache.redis.await-ready.";
    }

    /** What Redis says when it refuses a login or a command is part of its protocol. */
    private static String advice(String said) {
        if (said.contains("WRONGPASS") || said.contains("NOAUTH") || said.contains("invalid password")) {
            return "Correct the user and the password in reactive-cache.redis.uri, or in spring.data.redis.";
        }
        if (said.contains("NOPERM")) {
            return "Give the user the rights that docs/redis.md lists.";
        }
        return "Change Redis as said above. If it does not announce changes and you may set it up, let the application"
                + " do so with reactive-cache.redis.notifications=add-missing.";
    }

    private static String causes(Throwable failure) {
        StringBuilder said = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            said.append(cause.getMessage()).append('\n');
        }
        return said.toString();
    }
}
