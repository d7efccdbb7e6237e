package dev.reactivecache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.spring.ReactiveCaches;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
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

    @Test
    void besideAnotherManagerTheCachesHaveOneOfTheirOwnName() {
        application()
                .withConfiguration(AutoConfigurations.of(OtherCacheManagerAutoConfiguration.class))
                .withBean("theirs", CacheManager.class, () -> new ConcurrentMapCacheManager("names"))
                .withBean(TwoManagers.class)
                .run(context -> {
                    TwoManagers both = context.getBean(TwoManagers.class);

                    both.save(id, "ours");
                    both.saveTheirs(id, "theirs");

                    assertThat(names(context).get(id).block()).isEqualTo("ours");
                    assertThat(context.getBean(CacheManager.class))
                            .as("who asks for the only one")
                            .isInstanceOf(ConcurrentMapCacheManager.class)
                            .satisfies(theirs -> assertThat(
                                            theirs.getCache("names").get(id).get())
                                    .isEqualTo("theirs"));
                });
    }

    @Test
    void besideTheTypeThatWasAskedForTheCachesHaveOneToo() {
        application()
                .withConfiguration(AutoConfigurations.of(OtherCacheManagerAutoConfiguration.class))
                .withPropertyValues("spring.cache.type=simple")
                .run(context -> {
                    assertThat(context.getBean(CacheManager.class)).isNotInstanceOf(SpringCaches.class);
                    assertThat(context.getBean(SpringCaches.BEAN)).isInstanceOf(SpringCaches.class);
                });
    }

    @Test
    void onlyManagerHasBothNames() {
        application()
                .withConfiguration(AutoConfigurations.of(OtherCacheManagerAutoConfiguration.class))
                .run(context -> assertThat(context.getBean(SpringCaches.BEAN))
                        .isSameAs(context.getBean("cacheManager"))
                        .isSameAs(context.getBean(CacheManager.class)));
    }

    @Test
    void applicationMayMakeOneItself() {
        application().run(context -> {
            CacheManager own = SpringCaches.of(context.getBean(ReactiveCaches.class));

            own.getCache("names").put(id, "own");

            assertThat(names(context).get(id).block()).isEqualTo("own");
            assertThat(own.getCacheNames()).containsExactly("lists", "names");
            assertThat(own.getCache("nowhere")).isNull();
        });
    }

    static class TwoManagers {
        @CachePut(cacheNames = "names", key = "#id", cacheManager = SpringCaches.BEAN)
        public String save(long id, String name) {
            return name;
        }

        @CachePut(cacheNames = "names", key = "#id")
        public String saveTheirs(long id, String name) {
            return name;
        }
    }
}
