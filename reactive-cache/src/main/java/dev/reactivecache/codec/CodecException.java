package dev.reactivecache.codec;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A key or value could not be encoded or decoded. */
public final class CodecException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Creates one. */
    public CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
