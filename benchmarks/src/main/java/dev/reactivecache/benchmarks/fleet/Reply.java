package dev.reactivecache.benchmarks.fleet;

import java.util.List;
import java.util.Map;

/**
 * What a node answers.
 *
 * @param failure why it could not; empty if it could
 * @param numbers the results
 */
public record Reply(String failure, Map<String, List<Long>> numbers) {
    static Reply of(String name, List<Long> values) {
        return new Reply("", Map.of(name, values));
    }

    static Reply of(String name, long value) {
        return of(name, List.of(value));
    }

    /** All numbers of that name. */
    public List<Long> all(String name) {
        List<Long> values = numbers.get(name);
        if (values == null) {
            throw new IllegalStateException("no " + name + " in " + numbers.keySet());
        }
        return values;
    }

    /** The first number of that name. */
    public long one(String name) {
        return all(name).get(0);
    }
}
