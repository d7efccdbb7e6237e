package dev.reactivecache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.redis.RedisTier;
import dev.reactivecache.remote.RemoteTier;
import dev.reactivecache.spring.TestRedis;
import dev.reactivecache.testing.ChaosRemoteTier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.SimpleCacheErrorHandler;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

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
                        "reactive-cache.annotations.on-unacknowledged=fail",
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

    /** The put asks first which generation the cache is in; the eviction asks nothing, and would be there before it. */
    @Test
    void evictionIsNotOvertakenByThePutBeforeIt() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        ChaosRemoteTier tier = ChaosRemoteTier.around(RedisTier.connect(redis.uri()), time);
        application().withBean(RemoteTier.class, () -> tier).run(context -> {
            tier.ready().block();
            Cache cache = context.getBean(CacheManager.class).getCache("names");
            Duration roundTrip = Duration.ofSeconds(1);
            tier.delay(roundTrip);

            Mono.fromRunnable(() -> {
                        cache.put(id, "old");
                        cache.evict(id);
                    })
                    .subscribeOn(Schedulers.parallel())
                    .block();
            time.advanceTimeBy(roundTrip); // the question and the eviction are sent
            tier.heal();
            names(context).invalidate(id + 1).block(); // both have been answered
            time.advanceTimeBy(roundTrip); // the put is sent, if nothing has ended it
            names(context).invalidate(id + 1).block(); // and has been answered

            assertThat(names(context).get(id).block()).isNull();
        });
    }

    @Override
    String[] redis() {
        return TestRedis.patient("reactive-cache.redis.uri=" + redis.uri(), "reactive-cache.redis.await-ready=10s");
    }
}
