package dev.reactivecache.spring.cache;

import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import dev.reactivecache.spring.ReactiveCaches;
import java.util.function.UnaryOperator;
import org.springframework.aop.Advisor;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.Role;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Mono;

/**
 * {@link ReactiveCacheable} and {@link ReactiveCacheInvalidate}, around transactions: a method's own transaction has
 * been committed before its key is invalidated.
 */
@AutoConfiguration(after = ReactiveCacheAutoConfiguration.class)
@ConditionalOnProperty(name = "reactive-cache.annotations.enabled", matchIfMissing = true)
@Import({NamedCachesConfiguration.class, ReactiveCacheAnnotationsAutoConfiguration.Proxies.class})
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
public final class ReactiveCacheAnnotationsAutoConfiguration {
    private static final boolean TRANSACTIONS = ClassUtils.isPresent(
            "org.springframework.transaction.reactive.TransactionSynchronizationManager",
            ReactiveCacheAnnotationsAutoConfiguration.class.getClassLoader());

    /** For Spring. */
    ReactiveCacheAnnotationsAutoConfiguration() {}

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static CacheCalls reactiveCacheCalls(
            ObjectProvider<ReactiveCaches> caches, BeanFactory beans, Environment environment) {
        return new CacheCalls(caches, beans, environment);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static Advisor reactiveCacheAdvisor(CacheCalls calls, ObjectProvider<NamedCaches> caches, BeanFactory beans) {
        UnaryOperator<Mono<Void>> afterCommit = TRANSACTIONS ? AfterReactiveCommit::of : UnaryOperator.identity();
        var interceptor = new CacheCallInterceptor(calls, caches, new BeanFactoryResolver(beans), afterCommit);
        var advisor = new DefaultPointcutAdvisor(calls, interceptor);
        advisor.setOrder(Ordered.LOWEST_PRECEDENCE - 1_000);
        return advisor;
    }

    /** Has Spring make proxies of beans that have an advisor, whether or not it does so for transactions anyway. */
    static final class Proxies implements ImportBeanDefinitionRegistrar {
        @Override
        public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
            AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
            AopConfigUtils.forceAutoProxyCreatorToUseClassProxying(registry);
        }
    }
}
