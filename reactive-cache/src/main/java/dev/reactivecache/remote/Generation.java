package dev.reactivecache.remote;

import java.util.List;
import java.util.Map;

/**
 * What a remote tier says of the generations of a region. Each clear and each invalidation of a tag has a number above
 * all before it.
 *
 * @param incarnation of the numbers: another one if the tier had forgotten them
 * @param newest the number of the last clear or invalidation of any tag
 * @param cleared the number of the last clear; zero if there was none
 * @param ended of each tag that was asked about the number of its last invalidation, or zero
 */
public record Generation(long incarnation, long newest, long cleared, Map<String, Long> ended) {

    /** What content belongs to whose way into the cache begins after this was asked. */
    public Mark mark() {
        return new Mark(incarnation, newest, List.of());
    }
}
