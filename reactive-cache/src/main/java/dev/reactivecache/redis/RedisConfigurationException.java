package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Redis is there, but will not serve a tier until its settings or ours are changed. The message says which, and
 * never contains a password.
 */
public final class RedisConfigurationException extends RemoteTierException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String finding;
    private final SourceVerdict verdict;

    RedisConfigurationException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.finding = message;
        this.verdict = SourceVerdict.NONE;
    }

    RedisConfigurationException(String finding, String remedy, @Nullable Throwable cause, SourceVerdict verdict) {
        super(finding + "; " + remedy, cause);
        this.finding = finding;
        this.verdict = verdict;
    }

    /** The message without what is to be done about it. */
    String finding() {
        return finding;
    }

    /** What it says of the source of changes in use. */
    SourceVerdict verdict() {
        return verdict;
    }
}
