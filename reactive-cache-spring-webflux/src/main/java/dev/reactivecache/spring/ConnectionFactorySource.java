package dev.reactivecache.spring;

import dev.reactivecache.redis.RedisTierBuilder;
import java.util.Arrays;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Finds Redis by the connection factory that the application has made itself, as everything of Spring Data does. */
final class ConnectionFactorySource {
    private static final String REMEDY =
            "Say where the caches' Redis is with reactive-cache.redis.uri, declare a RedisTier"
                    + " bean, or keep caches in memory with reactive-cache.redis.enabled=false.";

    private final ConfigurableListableBeanFactory beans;

    ConnectionFactorySource(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** Whether there is a factory that Spring Boot has not made by the properties. */
    static boolean hasOwn(ConfigurableListableBeanFactory beans) {
        return Arrays.stream(beans.getBeanNamesForType(RedisConnectionFactory.class, true, false))
                .anyMatch(name -> !isBoots(beans, name));
    }

    private static boolean isBoots(ConfigurableListableBeanFactory beans, String name) {
        if (!beans.containsBeanDefinition(name)) {
            return false;
        }
        String maker = beans.getBeanDefinition(name).getFactoryBeanName();
        return maker != null && maker.startsWith("org.springframework.boot.");
    }

    /**
     * Begins a tier for the Redis of that factory; connects nothing.
     *
     * @throws ReactiveCacheConfigurationException if there are several, or it does not tell where its Redis is
     */
    RedisTierBuilder begin() {
        RedisConnectionFactory factory =
                beans.getBeanProvider(RedisConnectionFactory.class).getIfUnique();
        if (factory == null) {
            throw new ReactiveCacheConfigurationException(
                    "the caches cannot choose among several RedisConnectionFactory beans",
                    "Mark one with @Primary. " + REMEDY);
        }
        if (!(factory instanceof LettuceConnectionFactory lettuce)) {
            throw refused(
                    "a RedisConnectionFactory of type " + factory.getClass().getName());
        }
        return LettuceFactoryAddress.of(lettuce)
                .orElseThrow(() -> refused("a factory for a socket or static replicas"));
    }

    private static ReactiveCacheConfigurationException refused(String what) {
        return new ReactiveCacheConfigurationException(
                "the application has " + what + ", which the caches cannot use", REMEDY);
    }
}
