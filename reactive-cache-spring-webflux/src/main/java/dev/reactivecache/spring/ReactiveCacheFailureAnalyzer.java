package dev.reactivecache.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do about caches that are configured in a way that cannot work, instead of a stack trace. */
final class ReactiveCacheFailureAnalyzer extends AbstractFailureAnalyzer<ReactiveCacheConfigurationException> {

    /** For Spring. */
    ReactiveCacheFailureAnalyzer() {}

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ReactiveCacheConfigurationException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
    }
}
