package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import java.io.Serial;

/**
 * A connection leads to a server that is not, or no longer, the master. Another connection may lead to the right one.
 */
final class NotMasterException extends RemoteTierException {
    @Serial
    private static final long serialVersionUID = 1;

    NotMasterException(String message) {
        super(message, null);
    }
}
