package dev.reactivecache.spring.cache;

import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import dev.reactivecache.spring.ReactiveCaches;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Spring's cache annotations on these caches, where {@code @EnableCaching} is there, the application has no
 * {@code CacheManager} and {@code spring.cache.type} does not ask for another. For where there is another, see
 * {@link OtherCacheManagerAutoConfiguration}.
 */
@AutoConfiguration(
        after = ReactiveCacheAutoConfiguration.class,
        beforeName = "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration")
@ConditionalOnClass({CacheManager.class, CacheAspectSupport.class})
@ConditionalOnBean({CacheAspectSupport.class, ReactiveCaches.class})
@ConditionalOnMissingBean(CacheManager.class)
@ConditionalOnProperty(name = "reactive-cache.spring-cache.enabled", matchIfMissing = true)
@ConditionalOnExpression("'${spring.cache.type:}' == ''")
@EnableConfigurationProperties(SpringCacheProperties.class)
@Import(NamedCachesConfiguration.class)
public final class SpringCacheAutoConfiguration {
    /** For Spring. */
    SpringCacheAutoConfiguration() {}

    @Bean({"cacheManager", SpringCaches.BEAN})
    SpringCaches cacheManager(ReactiveCaches caches, NamedCaches named, SpringCacheProperties properties) {
        return SpringCaches.of(caches, named, properties.transactionAware());
    }
}
