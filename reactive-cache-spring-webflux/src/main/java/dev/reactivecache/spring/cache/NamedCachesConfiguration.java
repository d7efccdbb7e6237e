package dev.reactivecache.spring.cache;

import dev.reactivecache.spring.ReactiveCaches;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** One {@link NamedCaches} for both kinds of annotations: what either changes, the other must hear of. */
@EnableConfigurationProperties(AnnotationProperties.class)
@Configuration(proxyBeanMethods = false)
class NamedCachesConfiguration {

    @Bean
    NamedCaches reactiveCachesByName(ReactiveCaches caches, AnnotationProperties annotations) {
        return new NamedCaches(caches, annotations.onUnacknowledged());
    }
}
