package dev.reactivecache.internal.local;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reactivecache.internal.entry.TagWatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The watches of tags, each for as long as an entry looks at it, and when tags have ended: of what was loaded meanwhile
 * it shows at the end only which tags it has.
 */
final class TagWatches {
    /** How many tags are remembered. What began before one that is forgotten counts as ended. */
    private static final int REMEMBERED = 10_000;

    private final Cache<String, TagWatch> watches =
            Caffeine.newBuilder().weakValues().executor(Runnable::run).build();
    private final Map<String, Long> ends = new LinkedHashMap<>(); // guarded by itself, the newest last
    private long forgotten; // guarded by ends

    List<TagWatch> of(List<String> tags) {
        if (tags.isEmpty()) {
            return List.of();
        }
        List<TagWatch> found = new ArrayList<>(tags.size());
        for (String tag : tags) {
            found.add(watches.get(tag, TagWatch::new));
        }
        return List.copyOf(found);
    }

    /** Ends a tag's entries. Who looks at the tag from now on gets another watch. */
    void end(String tag, long fence) {
        note(tag, fence); // first: what is registered after this shows there, what was before in its watch
        TagWatch ended = watches.asMap().remove(tag);
        if (ended != null) {
            ended.end();
        }
    }

    private void note(String tag, long fence) {
        synchronized (ends) {
            Long before = ends.remove(tag);
            ends.put(tag, before == null ? fence : Math.max(before, fence));
            if (ends.size() > REMEMBERED) {
                var oldest = ends.entrySet().iterator();
                forgotten = Math.max(forgotten, oldest.next().getValue());
                oldest.remove();
            }
        }
    }

    /** Whether one of the tags has ended, or may have, since the fence stood there. */
    boolean haveEndedSince(long fence, List<TagWatch> of) {
        synchronized (ends) {
            if (fence < forgotten) {
                return true;
            }
            for (TagWatch watch : of) {
                Long ended = ends.get(watch.tag());
                if (ended != null && ended > fence) {
                    return true;
                }
            }
            return false;
        }
    }
}
