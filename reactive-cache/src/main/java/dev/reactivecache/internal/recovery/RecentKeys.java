package dev.reactivecache.internal.recovery;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys whose invalidation was acknowledged within the last while, each once with its newest time: what a master
 * that takes over may not have heard of. Bounded: the oldest is forgotten for a new one. Used by one thread at a time.
 */
final class RecentKeys {
    private final int capacity;
    private final long whileNanos;
    private final LinkedHashMap<String, Long> times = new LinkedHashMap<>();
    private Optional<Long> newestForgotten = Optional.empty();

    RecentKeys(int capacity, long whileNanos) {
        this.capacity = capacity;
        this.whileNanos = whileNanos;
    }

    void add(String key, long now) {
        prune(now);
        times.remove(key);
        times.put(key, now);
        if (times.size() > capacity) {
            Iterator<Map.Entry<String, Long>> eldest = times.entrySet().iterator();
            newestForgotten = Optional.of(eldest.next().getValue());
            eldest.remove();
        }
    }

    /** The keys, oldest first; they are remembered on. */
    List<String> keys(long now) {
        prune(now);
        return List.copyOf(times.keySet());
    }

    /** Whether some key was forgotten, for want of room, that would otherwise be here. */
    boolean hasForgotten(long now) {
        prune(now);
        return newestForgotten.isPresent();
    }

    int size() {
        return times.size();
    }

    private void prune(long now) {
        Iterator<Long> oldestFirst = times.values().iterator();
        while (oldestFirst.hasNext() && isOver(oldestFirst.next(), now)) {
            oldestFirst.remove();
        }
        newestForgotten = newestForgotten.filter(time -> !isOver(time, now));
    }

    private boolean isOver(long time, long now) {
        return now - time > whileNanos;
    }
}
