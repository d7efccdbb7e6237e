package dev.reactivecache.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do about a Redis URI that cannot be used, instead of a stack trace. */
final class InvalidRedisUriFailureAnalyzer extends AbstractFailureAnalyzer<InvalidRedisUriException> {

    /** For Spring. */
    InvalidRedisUriFailureAnalyzer() {}

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidRedisUriException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Set reactive-cache.redis.uri to redis://[[user]:password@]host[:port][/database], "
                        + "or remove it to keep caches in memory.",
                cause);
    }
}
