package dev.reactivecache.spring;

import dev.reactivecache.ReactiveCache;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;

/**
 * Closes every cache with the context, after the beans that use it and before its remote tier. What is kept for Redis
 * is sent once more then, which a silent Redis must not hold up.
 */
final class CacheCloser implements DestructionAwareBeanPostProcessor {
    private static final Logger log = LoggerFactory.getLogger(CacheCloser.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Override
    public boolean requiresDestruction(Object bean) {
        return bean instanceof ReactiveCache<?, ?>;
    }

    @Override
    public void postProcessBeforeDestruction(Object bean, String beanName) {
        if (bean instanceof ReactiveCache<?, ?> cache) {
            Waiting.endOf(cache.close()
                    .timeout(LIMIT)
                    .doOnError(e -> log.warn("cache '{}' was not closed cleanly: {}", cache.name(), e.toString()))
                    .onErrorComplete());
        }
    }
}
