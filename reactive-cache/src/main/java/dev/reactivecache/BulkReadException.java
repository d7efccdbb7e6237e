package dev.reactivecache;

import java.io.Serial;
import java.util.Map;

/**
 * Some keys of a bulk read failed. The others were read all the same and are in here; what was loaded is in the cache.
 * The cause is the failure of the first key, in the order of the keys.
 */
public class BulkReadException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String cache;
    private final transient Map<?, ?> values;
    private final transient Map<?, Throwable> failures;

    /**
     * Says which keys failed.
     *
     * @param cache the cache's name
     * @param values the keys that have a value, with it
     * @param failures the keys that failed, at least one, with what they failed with
     */
    public BulkReadException(String cache, Map<?, ?> values, Map<?, Throwable> failures) {
        super(message(cache, values, failures), failures.values().iterator().next());
        this.cache = cache;
        this.values = values;
        this.failures = failures;
    }

    private static String message(String cache, Map<?, ?> values, Map<?, Throwable> failures) {
        Map.Entry<?, Throwable> first = failures.entrySet().iterator().next();
        return "cache '" + cache + "': " + failures.size() + " keys could not be read, " + values.size()
                + " have values; the first is key " + first.getKey() + ": " + first.getValue();
    }

    /** The cache's name. */
    public String cache() {
        return cache;
    }

    /** The keys that have a value, with it, in the order in which they were asked for. Empty after deserialization. */
    public Map<?, ?> values() {
        return values == null ? Map.of() : values;
    }

    /**
     * The keys that failed, with what they failed with, in the order in which they were asked for. Empty after
     * deserialization.
     */
    public Map<?, Throwable> failures() {
        return failures == null ? Map.of() : failures;
    }
}
