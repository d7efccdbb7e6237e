package dev.reactivecache.spring;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.micrometer.CacheMeters;
import dev.reactivecache.micrometer.CacheObservations;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.cache.metrics.CacheMeterBinderProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The meters and observations of every {@link ReactiveCache} bean, where there is a registry for them. What they are
 * stands in {@code docs/metrics.md}.
 */
@AutoConfiguration(after = ReactiveCacheAutoConfiguration.class)
public final class CacheMetricsAutoConfiguration {

    /** For Spring. */
    CacheMetricsAutoConfiguration() {}

    /** With Micrometer's meters. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static class Meters {

        /** Spring Boot binds it to each registry once all beans are there. */
        @Bean
        @ConditionalOnMissingBean(name = "reactiveCacheMeters")
        MeterBinder reactiveCacheMeters(ObjectProvider<ReactiveCache<?, ?>> caches) {
            return registry -> caches.forEach(cache -> CacheMeters.bind(cache, registry));
        }
    }

    /** With Spring Cache's meters. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({MeterBinder.class, CacheMeterBinderProvider.class})
    static class SpringCaches {

        @Bean
        SpringCacheMeters reactiveCacheMeterBinderProvider() {
            return new SpringCacheMeters();
        }
    }

    /** With Micrometer's observations. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ObservationRegistry.class)
    static class Observations {

        @Bean
        @ConditionalOnMissingBean(name = "reactiveCacheObservations")
        @ConditionalOnProperty(name = "management.observations.enable.reactive.cache", matchIfMissing = true)
        SmartInitializingSingleton reactiveCacheObservations(
                ObjectProvider<ReactiveCache<?, ?>> caches, ObjectProvider<ObservationRegistry> registries) {
            return () ->
                    registries.ifUnique(registry -> caches.forEach(cache -> CacheObservations.bind(cache, registry)));
        }
    }
}
