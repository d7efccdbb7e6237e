package dev.reactivecache;

import java.io.Serial;

/**
 * The source was written, but the remote tier did not acknowledge that the key's older copies are void. The key's
 * invalidation is kept, and sent until it is acknowledged. Until then this node loads the key on each read; others serve
 * no copy until the quarantine of the write ends, and after that could serve one from before the write.
 */
public final class UncertainWriteException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    UncertainWriteException(String cache, Object key, Throwable cause) {
        super(
                "the source was written, but cache '" + cache + "' could not be told; the invalidation of key " + key
                        + " is kept, and sent again until it is acknowledged",
                cause);
    }
}
