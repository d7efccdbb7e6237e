package dev.reactivecache;

import java.io.Serial;

/** A loader waits, directly or through the loads of other keys, for the key that it is itself loading. */
public final class RecursiveLoadException extends IllegalStateException {
    @Serial
    private static final long serialVersionUID = 1;

    RecursiveLoadException(String cache, Object key) {
        super("the loader of cache '" + cache + "' waits for the key that it is loading: " + key);
    }
}
