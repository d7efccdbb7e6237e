package dev.reactivecache.spring;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.redis.RedisTier;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The ways in which an application says where Redis is. Imported in this order: the first that does counts. */
final class RedisTierSources {
    private RedisTierSources() {}

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty("reactive-cache.redis.uri")
    static class ByUri {
        @Bean
        RedisTierSource reactiveCacheRedisSource(RedisProperties redis) {
            String uri = requireNonNull(redis.uri());
            return () -> RedisTier.builder(uri);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnSingleCandidate(RedisClusterClient.class)
    @ConditionalOnMissingBean(RedisTierSource.class)
    static class ByClusterClient {
        @Bean
        RedisTierSource reactiveCacheRedisSource(RedisClusterClient client) {
            return () -> RedisTier.builder(client);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnSingleCandidate(RedisClient.class)
    @ConditionalOnBean(RedisURI.class)
    @ConditionalOnMissingBean(RedisTierSource.class)
    static class ByClient {
        @Bean
        RedisTierSource reactiveCacheRedisSource(RedisClient client, RedisURI uri) {
            return () -> RedisTier.builder(client, uri);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DataRedisConnectionDetails.class)
    @ConditionalOnBean(DataRedisConnectionDetails.class)
    @ConditionalOnMissingBean(RedisTierSource.class)
    static class BySpringData {
        @Bean
        RedisTierSource reactiveCacheRedisSource(DataRedisConnectionDetails details) {
            return () -> SpringDataRedisAddress.of(details);
        }
    }
}
