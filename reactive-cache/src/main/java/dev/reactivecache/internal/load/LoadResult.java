package dev.reactivecache.internal.load;

import dev.reactivecache.EntryOptions;
import org.jspecify.annotations.Nullable;

/**
 * What the source said, and when.
 *
 * @param value its value, or null if it has none
 * @param startedNanos when it was asked
 * @param tookNanos how long it took
 * @param options what its entry has of its own
 * @param stored whether it may be stored
 */
public record LoadResult<V>(
        @Nullable V value, long startedNanos, long tookNanos, EntryOptions options, boolean stored) {

    public boolean isAbsent() {
        return value == null;
    }
}
