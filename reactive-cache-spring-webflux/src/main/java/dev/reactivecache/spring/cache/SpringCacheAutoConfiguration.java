package dev.reactivecache.spring.cache;

import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import dev.reactivecache.spring.ReactiveCaches;
import java.util.function.UnaryOperator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.util.ClassUtils;

/**
 * Spring's cache annotations on these caches, where {@code @EnableCaching} is there, the application has no
 * {@code CacheManager} and {@code spring.cache.type} does not ask for another.
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
    private static final boolean TRANSACTIONS =
            isPresent("org.springframework.transaction.support.TransactionSynchronizationManager")
                    && isPresent("org.springframework.cache.transaction.TransactionAwareCacheDecorator");

    /** For Spring. */
    SpringCacheAutoConfiguration() {}

    @Bean
    CacheManager cacheManager(ReactiveCaches caches, NamedCaches named, SpringCacheProperties properties) {
        UnaryOperator<Cache> decoration =
                TRANSACTIONS && properties.transactionAware() ? AfterCommit::of : UnaryOperator.identity();
        return new SpringCaches(caches, named, decoration);
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, SpringCacheAutoConfiguration.class.getClassLoader());
    }

    /** Apart, so that it is loaded only where there are transactions. */
    private static final class AfterCommit {
        private AfterCommit() {}

        static Cache of(Cache cache) {
            return new TransactionAwareCacheDecorator(cache);
        }
    }
}
