package dev.reactivecache.sim;

import dev.reactivecache.redis.SimulatedTier;

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

    boolean hasVersions() {
        return cache != Terms.PUTS;
    }

    @Override
    public String toString() {
        return Terms.cache(cache) + "/" + key;
    }
}
