package dev.reactivecache.benchmarks;

import static java.util.Objects.requireNonNull;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.MultiLevelCacheBuilder;
import com.alicp.jetcache.embedded.CaffeineCacheBuilder;
import com.alicp.jetcache.redis.lettuce.RedisLettuceCacheBuilder;
import com.alicp.jetcache.support.Fastjson2KeyConvertor;
import com.alicp.jetcache.support.JavaValueDecoder;
import com.alicp.jetcache.support.JavaValueEncoder;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.redisson.Redisson;
import org.redisson.api.RLocalCachedMapReactive;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/**
 * What else there is, each set up as its documentation has it: bounded, with a time to live, and full of
 * {@code "value"} for the keys that are read.
 */
enum LocalPeers {
    /** Spring's {@code @Cacheable} on a method that returns a {@code Mono}, over Caffeine in async mode. */
    CACHEABLE {
        @Override
        Peer start(int firstKey, int keys) {
            var context = new AnnotationConfigApplicationContext(Application.class);
            return new Peer(context.getBean(Repository.class)::find, context);
        }
    },
    /** The same with {@code sync = true}. */
    CACHEABLE_SYNC {
        @Override
        Peer start(int firstKey, int keys) {
            var context = new AnnotationConfigApplicationContext(Application.class);
            return new Peer(context.getBean(Repository.class)::findAlone, context);
        }
    },
    /** Redisson's {@code RLocalCachedMapReactive}, with its default of invalidation by messages. */
    REDISSON {
        @Override
        Peer start(int firstKey, int keys) throws IOException {
            LocalRedis redis = LocalRedis.start();
            Config config = new Config();
            config.useSingleServer().setAddress(redis.uri());
            config.setCodec(StringCodec.INSTANCE);
            RedissonClient client = Redisson.create(config);
            RLocalCachedMapReactive<String, String> map = client.reactive()
                    .getLocalCachedMap(LocalCachedMapOptions.<String, String>name("values")
                            .cacheSize(10 * keys)
                            .timeToLive(TTL));
            for (int i = 0; i < keys; i++) {
                map.fastPut(String.valueOf(firstKey + i), "value").block();
            }
            return new Peer(key -> map.get(String.valueOf(key)), () -> {
                client.shutdown();
                redis.close();
            });
        }
    },
    /** JetCache's two levels, by its asynchronous interface. */
    JETCACHE {
        @Override
        Peer start(int firstKey, int keys) throws IOException {
            LocalRedis redis = LocalRedis.start();
            RedisClient client = RedisClient.create(redis.uri());
            Cache<Integer, String> local = CaffeineCacheBuilder.createCaffeineCacheBuilder()
                    .limit(10 * keys)
                    .expireAfterWrite(TTL.toMinutes(), TimeUnit.MINUTES)
                    .buildCache();
            Cache<Integer, String> remote = RedisLettuceCacheBuilder.createRedisLettuceCacheBuilder()
                    .redisClient(client)
                    .keyPrefix("values:")
                    .keyConvertor(Fastjson2KeyConvertor.INSTANCE)
                    .valueEncoder(JavaValueEncoder.INSTANCE)
                    .valueDecoder(JavaValueDecoder.INSTANCE)
                    .expireAfterWrite(TTL.toMinutes(), TimeUnit.MINUTES)
                    .buildCache();
            Cache<Integer, String> both = MultiLevelCacheBuilder.createMultiLevelCacheBuilder()
                    .addCache(local, remote)
                    .buildCache();
            for (int i = 0; i < keys; i++) {
                both.put(firstKey + i, "value");
            }
            return new Peer(
                    key -> Mono.fromCompletionStage(both.GET(key).future())
                            .map(result -> (String) requireNonNull(result.getData())),
                    () -> {
                        both.close();
                        client.shutdown(0, 1, TimeUnit.SECONDS);
                        redis.close();
                    });
        }
    };

    private static final Duration TTL = Duration.ofMinutes(30);

    /**
     * One that runs.
     *
     * @param read a read of a key
     * @param close ends it
     */
    record Peer(Function<Integer, Mono<String>> read, AutoCloseable close) {}

    /** Starts it, and has it store values for keys in a row. */
    abstract Peer start(int firstKey, int keys) throws IOException;

    /** What users annotate. */
    public static class Repository {
        /** A value. */
        @Cacheable("values")
        public Mono<String> find(Integer key) {
            return Mono.just("value");
        }

        /** A value, which only one caller at a time computes. */
        @Cacheable(cacheNames = "values", sync = true)
        public Mono<String> findAlone(Integer key) {
            return Mono.just("value");
        }
    }

    /** The application. */
    @Configuration
    @EnableCaching(proxyTargetClass = true)
    public static class Application {
        /** Caffeine, in async mode. */
        @Bean
        public CaffeineCacheManager cacheManager() {
            CaffeineCacheManager manager = new CaffeineCacheManager("values");
            manager.setAsyncCacheMode(true);
            manager.setCaffeine(Caffeine.newBuilder().maximumSize(10_240).expireAfterWrite(TTL));
            return manager;
        }

        /** What is cached. */
        @Bean
        public Repository repository() {
            return new Repository();
        }
    }
}
