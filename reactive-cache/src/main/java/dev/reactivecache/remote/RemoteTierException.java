package dev.reactivecache.remote;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The remote tier did not acknowledge an operation: it is unreachable, slow, full, or refuses. One is made for each
 * read and write while that lasts, and its message says all there is to say: so it has no stack trace of its own.
 */
public class RemoteTierException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Creates one. */
    public RemoteTierException(String message, @Nullable Throwable cause) {
        super(message, cause, true, false);
    }
}
