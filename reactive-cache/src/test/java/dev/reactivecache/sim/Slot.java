package dev.reactivecache.sim;

import dev.reactivecache.redis.SimulatedTier;
import java.util.List;
import java.util.stream.Stream;

/**
 * One key of one cache.
 *
 * @param cache the number of the cache
 * @param key the key
 * @param redisKey how it is spelt in Redis
 */
record Slot(int cache, String key, String redisKey) {
    static Slot of(int cache, int key) {
        String text = "k" + key;
        return new Slot(cache, text, SimulatedTier.key(Terms.cache(cache), text));
    }

    /** What is deleted to tell that the generations have ended that a value with these tags belongs to. */
    List<String> endedKeys(List<String> tags) {
        String name = Terms.cache(cache);
        return Stream.concat(
                        Stream.of(SimulatedTier.endedKey(name, null)),
                        tags.stream().map(tag -> SimulatedTier.endedKey(name, tag)))
                .toList();
    }

    boolean hasVersions() {
        return cache != Terms.PUTS;
    }

    @Override
    public String toString() {
        return Terms.cache(cache) + "/" + key;
    }
}
