package dev.reactivecache.spring;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.redis.RedisTier;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.data.redis.connection.RedisConnectionFactory;

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
    @ConditionalOnClass(RedisConnectionFactory.class)
    @Conditional(OwnConnectionFactory.class)
    @ConditionalOnMissingBean(RedisTierSource.class)
    static class ByConnectionFactory {
        @Bean
        RedisTierSource reactiveCacheRedisSource(ConfigurableListableBeanFactory beans) {
            return new ConnectionFactorySource(beans)::begin;
        }
    }

    /** Boot's own factory is one by properties, which say more. */
    static final class OwnConnectionFactory implements ConfigurationCondition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            ConfigurableListableBeanFactory beans = context.getBeanFactory();
            return beans != null && ConnectionFactorySource.hasOwn(beans);
        }

        @Override
        public ConfigurationPhase getConfigurationPhase() {
            return ConfigurationPhase.REGISTER_BEAN;
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
