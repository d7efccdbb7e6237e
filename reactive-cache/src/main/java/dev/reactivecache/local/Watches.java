package dev.reactivecache.local;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reactivecache.entry.Watch;
import java.util.ArrayList;
import java.util.List;

/** The watches of tags, each for as long as an entry looks at it. */
final class Watches {
    private final Cache<String, Watch> watches =
            Caffeine.newBuilder().weakValues().executor(Runnable::run).build();

    List<Watch> of(List<String> tags) {
        if (tags.isEmpty()) {
            return List.of();
        }
        List<Watch> found = new ArrayList<>(tags.size());
        for (String tag : tags) {
            found.add(watches.get(tag, same -> new Watch()));
        }
        return List.copyOf(found);
    }

    /** Whoever looks at the tag from now on gets another watch. */
    void end(String tag) {
        Watch ended = watches.asMap().remove(tag);
        if (ended != null) {
            ended.end();
        }
    }
}
