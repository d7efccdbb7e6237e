package dev.reactivecache.spring;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The caches of an application are configured in a way that cannot work. Says what to do about it, too. */
public final class ReactiveCacheConfigurationException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String action;

    ReactiveCacheConfigurationException(String problem, String action) {
        this(problem, action, null);
    }

    /** With what is wrong, what to do about it, and what showed it. */
    public ReactiveCacheConfigurationException(String problem, String action, @Nullable Throwable cause) {
        super(problem, cause);
        this.action = action;
    }

    /** What to do about it. */
    public String action() {
        return action;
    }
}
