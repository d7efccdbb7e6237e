package dev.reactivecache.spring;

import dev.reactivecache.redis.RedisTierBuilder;
import dev.reactivecache.remote.RemoteTier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The remote tier, where something says where Redis is and the application has no tier of its own. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "reactive-cache.redis.enabled", matchIfMissing = true)
@ConditionalOnBean(RedisTierSource.class)
@ConditionalOnMissingBean(RemoteTier.class)
class RedisTierConfiguration {

    @Bean
    RedisTierBean redisTier(
            RedisTierSource source, RedisProperties redis, ObjectProvider<RedisTierCustomizer> customizers) {
        return new RedisTierBean(builder(source, redis, customizers), redis.awaitReady());
    }

    private static RedisTierBuilder builder(
            RedisTierSource source, RedisProperties redis, ObjectProvider<RedisTierCustomizer> customizers) {
        RedisTierBuilder builder;
        try {
            builder = source.begin();
        } catch (IllegalArgumentException e) {
            throw new InvalidRedisUriException(e);
        }
        try {
            redis.applyTo(builder);
        } catch (IllegalArgumentException e) {
            throw new ReactiveCacheConfigurationException(
                    "reactive-cache.redis: " + e.getMessage(), "Change that property of reactive-cache.redis.", e);
        }
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder;
    }
}
