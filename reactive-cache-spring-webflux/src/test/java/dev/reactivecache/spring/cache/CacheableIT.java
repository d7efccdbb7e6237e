package dev.reactivecache.spring.cache;

import dev.reactivecache.spring.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Spring's annotations on caches that share a Redis. */
class CacheableIT extends CacheableContract {
    private static TestRedis redis;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stop() {
        if (redis != null) {
            redis.close();
        }
    }

    @Override
    String[] redis() {
        return new String[] {"reactive-cache.redis.uri=" + redis.uri(), "reactive-cache.redis.await-ready=10s"};
    }
}
