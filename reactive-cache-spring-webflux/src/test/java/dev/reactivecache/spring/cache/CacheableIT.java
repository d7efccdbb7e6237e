package dev.reactivecache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.spring.TestRedis;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.SimpleCacheErrorHandler;

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

    @Test
    void failureOfAChangeReachesTheErrorHandler() {
        List<String> handled = new CopyOnWriteArrayList<>();
        application()
                .withPropertyValues(
                        "reactive-cache.redis.uri=redis://127.0.0.1:1",
                        "reactive-cache.redis.await-ready=",
                        "reactive-cache.redis.write-timeout=1s")
                .withBean(CachingConfigurer.class, () -> new CachingConfigurer() {
                    @Override
                    public CacheErrorHandler errorHandler() {
                        return new SimpleCacheErrorHandler() {
                            @Override
                            public void handleCacheEvictError(RuntimeException failure, Cache cache, Object key) {
                                handled.add(cache.getName() + ": "
                                        + failure.getClass().getSimpleName());
                            }
                        };
                    }
                })
                .run(context -> {
                    catalog(context).deleteBlocking(id);

                    assertThat(handled).containsExactly("names: RemoteTierException");
                    assertThat(names(context).health().recovery().pending()).isEqualTo(1);
                });
    }

    @Override
    String[] redis() {
        return TestRedis.patient("reactive-cache.redis.uri=" + redis.uri(), "reactive-cache.redis.await-ready=10s");
    }
}
