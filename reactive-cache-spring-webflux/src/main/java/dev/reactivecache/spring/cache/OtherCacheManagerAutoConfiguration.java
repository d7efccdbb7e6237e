package dev.reactivecache.spring.cache;

import dev.reactivecache.spring.ReactiveCaches;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;

/**
 * Where another {@code CacheManager} is the application's, these caches have one of their own beside it, which
 * annotations name: {@code @Cacheable(cacheManager = "reactiveCacheManager", ...)}.
 */
@AutoConfiguration(
        after = SpringCacheAutoConfiguration.class,
        afterName = "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration")
@ConditionalOnClass({CacheManager.class, CacheAspectSupport.class})
@ConditionalOnBean({CacheAspectSupport.class, ReactiveCaches.class, CacheManager.class})
@ConditionalOnMissingBean(SpringCaches.class)
@ConditionalOnProperty(name = "reactive-cache.spring-cache.enabled", matchIfMissing = true)
@EnableConfigurationProperties(SpringCacheProperties.class)
@Import(NamedCachesConfiguration.class)
public final class OtherCacheManagerAutoConfiguration {

    /** For Spring. */
    OtherCacheManagerAutoConfiguration() {}

    /** A fallback, so that a bean that asks for the only manager still gets the application's. */
    @Bean(SpringCaches.BEAN)
    @Fallback
    SpringCaches reactiveCacheManager(ReactiveCaches caches, NamedCaches named, SpringCacheProperties properties) {
        return SpringCaches.of(caches, named, properties.transactionAware());
    }
}
