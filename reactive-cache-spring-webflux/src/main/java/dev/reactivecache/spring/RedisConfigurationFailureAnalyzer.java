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
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Change Redis as said above. If it does not announce changes and you may set it up, let the application"
                        + " do so with reactive-cache.redis.notifications=add-missing. To start all the same, with"
                        + " every answer from memory checked first, remove reactive-cache.redis.await-ready.",
                cause);
    }
}
