package dev.reactivecache.spring.cache;

import java.io.Serial;

/**
 * A loaded value that is to be stored nowhere, on its way through the flight to all who share it: errors are never kept.
 * Every caller of the adapter turns it back into the value.
 */
final class UnstoredResult extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Object value;

    UnstoredResult(Object value) {
        super("a result that is not to be cached", null, false, false);
        this.value = value;
    }

    Object value() {
        return value;
    }
}
