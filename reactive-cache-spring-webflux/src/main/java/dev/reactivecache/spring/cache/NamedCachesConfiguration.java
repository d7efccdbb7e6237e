package dev.reactivecache.spring.cache;

import dev.reactivecache.spring.ReactiveCaches;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** One {@link NamedCaches} for both kinds of annotations: what either changes, the other must hear of. */
@Configuration(proxyBeanMethods = false)
class NamedCachesConfiguration {

    @Bean
    NamedCaches reactiveCachesByName(ReactiveCaches caches) {
        return new NamedCaches(caches);
    }
}
