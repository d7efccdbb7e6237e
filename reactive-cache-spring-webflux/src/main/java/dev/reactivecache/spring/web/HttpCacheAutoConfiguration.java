package dev.reactivecache.spring.web;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import dev.reactivecache.spring.ReactiveCacheConfigurationException;
import dev.reactivecache.spring.ReactiveCaches;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.web.server.WebFilter;

/**
 * Responses from a cache, where {@code reactive-cache.http.paths} names any and the application has no
 * {@link CachedResponses} of its own. Everywhere, how responses are written in a remote tier.
 */
@AutoConfiguration(before = ReactiveCacheAutoConfiguration.class)
@ConditionalOnClass(WebFilter.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
public final class HttpCacheAutoConfiguration {

    /** For Spring. */
    HttpCacheAutoConfiguration() {}

    @Bean
    @Fallback
    ValueCodec<StoredResponse> storedResponseCodec() {
        return StoredResponse.codec();
    }

    /** By properties. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(PathsAreNamed.class)
    @ConditionalOnMissingBean(CachedResponses.class)
    @EnableConfigurationProperties(HttpCacheProperties.class)
    static class ByProperties {
        @Bean
        ReactiveCache<String, StoredResponse> cachedResponsesCache(
                ReactiveCaches caches, HttpCacheProperties properties) {
            try {
                return caches.builder(properties.cache(), String.class, StoredResponse.class)
                        .local(CachedResponses.memory(properties.memoryOrDefault()))
                        .build();
            } catch (IllegalArgumentException notValid) {
                throw refused(notValid);
            }
        }

        @Bean
        CachedResponses cachedResponses(
                ReactiveCache<String, StoredResponse> cachedResponsesCache, HttpCacheProperties properties) {
            try {
                return CachedResponses.of(
                                cachedResponsesCache, properties.paths().toArray(String[]::new))
                        .withOptions(properties.options())
                        .withOrder(properties.order());
            } catch (IllegalArgumentException notValid) {
                throw refused(notValid);
            }
        }

        private static ReactiveCacheConfigurationException refused(IllegalArgumentException notValid) {
            return new ReactiveCacheConfigurationException(
                    "responses cannot be cached as reactive-cache.http says: " + notValid.getMessage(),
                    "Change that setting below reactive-cache.http.",
                    notValid);
        }
    }

    /** A list may be one property or several, which {@code @ConditionalOnProperty} does not know. */
    static final class PathsAreNamed implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return Binder.get(context.getEnvironment())
                    .bind("reactive-cache.http.paths", Bindable.listOf(String.class))
                    .map(paths -> !paths.isEmpty())
                    .orElse(false);
        }
    }
}
