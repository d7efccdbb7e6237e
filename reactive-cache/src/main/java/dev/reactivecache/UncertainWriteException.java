package dev.reactivecache;

import java.io.Serial;

/**
 * The source was written, but the remote tier did not acknowledge that the key's older copies are void. Until the
 * quarantine of the write ends, no copy is served; later one from before the write could be. Invalidate the key again.
 */
public final class UncertainWriteException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    UncertainWriteException(String cache, Object key, Throwable cause) {
        super("the source was written, but cache '" + cache + "' could not be told; invalidate key " + key, cause);
    }
}
