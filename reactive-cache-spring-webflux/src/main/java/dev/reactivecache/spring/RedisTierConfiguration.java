package dev.reactivecache.spring;

import dev.reactivecache.redis.RedisTierBuilder;
import dev.reactivecache.remote.RemoteTier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The remote tier, where something says where Redis is and the application has no tier of its own. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "reactive-cache.redis.enabled", matchIfMissing = true)
@ConditionalOnBean(RedisTierSource.class)
@ConditionalOnMissingBean(RemoteTier.class)
class RedisTierConfiguration {
    private static final String SPRINGS_PREFIX = "spring.cache.redis.key-prefix";

    @Bean
    RedisTierBean redisTier(
            RedisTierSource source,
            RedisProperties redis,
            Environment environment,
            ObjectProvider<RedisTierCustomizer> customizers) {
        RedisTierBuilder builder = builder(source, redis, environment.getProperty(SPRINGS_PREFIX));
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return new RedisTierBean(builder, redis.awaitReady());
    }

    /** @param springsPrefix the prefix for the keys of Spring's own cache in Redis, which separates the same things */
    private static RedisTierBuilder builder(
            RedisTierSource source, RedisProperties redis, @Nullable String springsPrefix) {
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
        if (redis.keyPrefix() == null && springsPrefix != null) {
            applySprings(springsPrefix, builder);
        }
        return builder;
    }

    private static void applySprings(String prefix, RedisTierBuilder builder) {
        try {
            builder.keyPrefix(prefix);
        } catch (IllegalArgumentException e) {
            throw new ReactiveCacheConfigurationException(
                    SPRINGS_PREFIX + ": " + e.getMessage(),
                    "Set reactive-cache.redis.key-prefix, which is then used instead; empty for no prefix.",
                    e);
        }
    }
}
