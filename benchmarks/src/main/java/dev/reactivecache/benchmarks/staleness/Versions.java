package dev.reactivecache.benchmarks.staleness;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** The system of record: which version each key has, and when the cache had acknowledged the change to it. */
final class Versions {
    private final Map<String, AtomicLong> current = new ConcurrentHashMap<>();
    private final Map<String, ConcurrentNavigableMap<Long, Long>> acknowledged = new ConcurrentHashMap<>();

    long current(String key) {
        return current.computeIfAbsent(key, none -> new AtomicLong()).get();
    }

    long next(String key) {
        return current.computeIfAbsent(key, none -> new AtomicLong()).incrementAndGet();
    }

    void acknowledge(String key, long version) {
        acknowledged.computeIfAbsent(key, none -> new ConcurrentSkipListMap<>()).put(version, System.nanoTime());
    }

    /**
     * For how long a later version had been acknowledged when a read began that answered this one; zero if none had.
     */
    long staleNanos(String key, long version, long readBegan) {
        ConcurrentNavigableMap<Long, Long> all = acknowledged.get(key);
        if (all == null) {
            return 0;
        }
        long longest = 0;
        for (long when : all.tailMap(version, false).values()) {
            longest = Math.max(longest, readBegan - when);
        }
        return longest;
    }
}
