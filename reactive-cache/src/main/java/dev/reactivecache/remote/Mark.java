package dev.reactivecache.remote;

import java.util.List;

/**
 * Which generations of its cache, and of its tags, content belongs to: those that were current before its way into the
 * cache began. A clear, and the invalidation of a tag, each have a number higher than all before; content is void if
 * one that is about it has a number above {@code since}.
 *
 * @param incarnation of the numbers: those of another incarnation cannot be compared
 * @param since the newest number when the load, or the write, began
 * @param tags of the content
 */
public record Mark(long incarnation, long since, List<String> tags) {
    /** Makes the tags unmodifiable. */
    public Mark {
        tags = List.copyOf(tags);
    }

    /** The same for content that has these tags. */
    public Mark tagged(List<String> with) {
        return with.isEmpty() && tags.isEmpty() ? this : new Mark(incarnation, since, with);
    }
}
