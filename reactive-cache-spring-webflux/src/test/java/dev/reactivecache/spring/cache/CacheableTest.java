package dev.reactivecache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.cache.CacheManager;
import org.springframework.cache.support.NoOpCacheManager;

/** Spring's annotations on caches in memory. */
class CacheableTest extends CacheableContract {
    @Override
    String[] redis() {
        return new String[0];
    }

    @Test
    void cacheManagerOfTheApplicationComesFirst() {
        application()
                .withBean(CacheManager.class, NoOpCacheManager::new)
                .run(context -> assertThat(context).getBean(CacheManager.class).isInstanceOf(NoOpCacheManager.class));
    }

    @Test
    void anotherTypeOfCacheMayBeAskedFor() {
        application()
                .withPropertyValues("spring.cache.type=simple")
                .run(context -> assertThat(context.getBean(CacheManager.class)).isNotInstanceOf(SpringCaches.class));
    }
}
