package dev.reactivecache.spring;

import dev.reactivecache.redis.ChangeSource;
import dev.reactivecache.redis.NotificationSetup;
import dev.reactivecache.redis.RedisTierBuilder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Redis is, and how it is used.
 *
 * @param enabled Whether caches share a Redis, if one is configured.
 * @param uri Redis that the caches of several nodes share: redis://[[user]:password@]host[:port][/database], or
 *     redis-sentinel:// or redis-cluster://, with rediss for TLS. Unless set, a Lettuce client that is a bean is used,
 *     or what spring.data.redis says.
 * @param keyPrefix What all keys and channels in Redis begin with, so that applications and environments that share a
 *     Redis do not meet. Unless set, what spring.cache.redis.key-prefix says.
 * @param readTimeout Most that a read waits for Redis before it loads instead.
 * @param writeTimeout Most that a fill, an invalidation or a write waits for Redis to acknowledge.
 * @param stalenessBound How far an answer from memory may be behind Redis.
 * @param notifications What to do when Redis does not announce changes.
 * @param changes How changes are heard of: by notifications, by tracking, or by tracking where notifications are
 *     refused.
 * @param awaitReady How long the start waits for Redis. A Redis that is there and cannot be used then fails the start;
 *     one that is not there does not. Unless set, the start does not wait.
 */
@ConfigurationProperties(RedisProperties.PREFIX)
record RedisProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String uri,
        @Nullable String keyPrefix,
        @Nullable Duration readTimeout,
        @Nullable Duration writeTimeout,
        @Nullable Duration stalenessBound,
        @Nullable NotificationSetup notifications,
        @Nullable ChangeSource changes,
        @Nullable Duration awaitReady) {

    static final String PREFIX = "reactive-cache.redis";

    void applyTo(RedisTierBuilder builder) {
        Setting.of(keyPrefix).to(builder::keyPrefix);
        Setting.of(readTimeout).to(builder::readTimeout);
        Setting.of(writeTimeout).to(builder::writeTimeout);
        Setting.of(stalenessBound).to(builder::stalenessBound);
        Setting.of(notifications).to(builder::notifications);
        Setting.of(changes).to(builder::changes);
    }

    @Override
    public String toString() {
        return "RedisProperties[uri=" + (uri == null ? "none" : "***") + "]";
    }
}
