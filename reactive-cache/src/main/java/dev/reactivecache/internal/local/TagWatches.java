package dev.reactivecache.internal.local;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reactivecache.internal.entry.TagWatch;
import java.util.ArrayList;
import java.util.List;

/** The watches of tags, each for as long as an entry looks at it. */
final class TagWatches {
    private final Cache<String, TagWatch> watches =
            Caffeine.newBuilder().weakValues().executor(Runnable::run).build();

    List<TagWatch> of(List<String> tags) {
        if (tags.isEmpty()) {
            return List.of();
        }
        List<TagWatch> found = new ArrayList<>(tags.size());
        for (String tag : tags) {
            found.add(watches.get(tag, same -> new TagWatch()));
        }
        return List.copyOf(found);
    }

    /** Whoever looks at the tag from now on gets another watch. */
    void end(String tag) {
        TagWatch ended = watches.asMap().remove(tag);
        if (ended != null) {
            ended.end();
        }
    }
}
