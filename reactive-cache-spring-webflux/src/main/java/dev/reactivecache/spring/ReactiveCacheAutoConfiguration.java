package dev.reactivecache.spring;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * The application's caches, as beans, and the Redis that they share.
 *
 * <p>A cache with {@code key-type} and {@code value-type} below {@code reactive-cache.caches.<name>} is a bean of that
 * name and of the type {@code ReactiveCache<K, V>}. Others are built by the application with {@link ReactiveCaches}, or
 * with {@link dev.reactivecache.ReactiveCache#builder} alone. All are closed with the context.
 *
 * <p>Redis is where {@code reactive-cache.redis.uri} says; else where a Lettuce {@code RedisClusterClient} or
 * {@code RedisClient} (with a {@code RedisURI}) bean connects to; else where Spring Data finds it, by the application's
 * own {@code LettuceConnectionFactory} or by properties. It is connected to in the background, and need not be there at
 * start-up. A {@code RemoteTier} bean of the application's takes its place.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
            "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration"
        })
@EnableConfigurationProperties({ReactiveCacheProperties.class, RedisProperties.class})
@Import({
    RedisTierSources.ByUri.class,
    RedisTierSources.ByClusterClient.class,
    RedisTierSources.ByClient.class,
    RedisTierSources.ByConnectionFactory.class,
    RedisTierSources.BySpringData.class,
    RedisTierConfiguration.class,
    CacheBeans.class
})
public final class ReactiveCacheAutoConfiguration {

    /** For Spring. */
    ReactiveCacheAutoConfiguration() {}

    @Bean(CacheBeans.FACTORY)
    @ConditionalOnMissingBean
    ReactiveCaches reactiveCaches(ReactiveCacheProperties properties, ConfigurableListableBeanFactory beans) {
        return new ReactiveCaches(properties, beans);
    }

    @Bean
    static CacheCloser reactiveCacheCloser() {
        return new CacheCloser();
    }

    @Bean
    CacheCheck reactiveCacheCheck(
            ReactiveCaches caches,
            ReactiveCacheProperties properties,
            ConfigurableListableBeanFactory beans,
            Environment environment) {
        return new CacheCheck(caches, properties, beans, ApplicationSlice.isIn(environment));
    }
}
