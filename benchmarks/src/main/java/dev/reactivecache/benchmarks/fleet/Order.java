package dev.reactivecache.benchmarks.fleet;

import java.util.Map;

/**
 * What a node has to do.
 *
 * @param act which of its acts
 * @param with the act's arguments
 */
public record Order(String act, Map<String, String> with) {
    String text(String name) {
        String value = with.get(name);
        if (value == null) {
            throw new IllegalArgumentException("act '" + act + "' needs " + name);
        }
        return value;
    }

    long number(String name) {
        return Long.parseLong(text(name));
    }
}
