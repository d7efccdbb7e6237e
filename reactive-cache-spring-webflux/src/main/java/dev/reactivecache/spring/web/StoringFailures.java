package dev.reactivecache.spring.web;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs why responses are not stored that should be: the first time with its trace, later only for who looks closely.
 */
final class StoringFailures {
    private static final Logger LOG = LoggerFactory.getLogger(StoringFailures.class);

    private final String cache;
    private final AtomicBoolean logged = new AtomicBoolean();

    StoringFailures(String cache) {
        this.cache = cache;
    }

    /** What {@code Cache-Status} says of it. */
    String note(RuntimeException failure) {
        if (logged.compareAndSet(false, true)) {
            LOG.warn("cache '{}': a response is handed on, but not stored; said once", cache, failure);
        } else {
            LOG.debug("cache '{}': a response is handed on, but not stored", cache, failure);
        }
        return "failed";
    }
}
