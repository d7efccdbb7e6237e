package dev.reactivecache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.redis.RedisTier;
import dev.reactivecache.remote.RemoteTier;
import dev.reactivecache.remote.RemoteTierException;
import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import dev.reactivecache.testing.ChaosRemoteTier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Methods whose own work is done, when Redis cannot be told of it. */
class UnacknowledgedChangesTest {
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ReactiveCacheAutoConfiguration.class,
                    ReactiveCacheAnnotationsAutoConfiguration.class,
                    SpringCacheAutoConfiguration.class))
            .withUserConfiguration(Application.class)
            .withPropertyValues(
                    "reactive-cache.caches.names.key-type=Long", "reactive-cache.caches.names.value-type=String");

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.reactivecache.spring.cache");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.WARN);
        logger.setAdditive(false);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(log);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching(proxyTargetClass = true)
    static class Application {
        @Bean
        Shop shop() {
            return new Shop();
        }

        @Bean
        RemoteTier away() {
            return ChaosRemoteTier.around(RedisTier.connect("redis://127.0.0.1:1"))
                    .fail();
        }
    }

    static class Shop {
        @ReactiveCacheInvalidate(cache = "names")
        public Mono<String> one(long id) {
            return Mono.just("done");
        }

        @ReactiveCacheInvalidate(cache = "names")
        public Flux<String> many(long id) {
            return Flux.just("done");
        }

        @CacheEvict("names")
        public String blocking(long id) {
            return "done";
        }

        @CacheEvict("names")
        public Mono<String> evicting(long id) {
            return Mono.just("done");
        }

        @CacheEvict(cacheNames = "names", allEntries = true)
        public String clearing(long id) {
            return "done";
        }

        @CachePut("names")
        public String putting(long id) {
            return "done";
        }
    }

    /** Ways to change the cache after work that is done. */
    enum Change {
        INVALIDATE(shop -> shop.one(7).block(), "the invalidation of key 7 is kept"),
        INVALIDATE_AFTER_MANY(shop -> shop.many(7).blockLast(), "the invalidation of key 7 is kept"),
        EVICT_BLOCKING(shop -> shop.blocking(7), "the invalidation of key 7 is kept"),
        EVICT(shop -> shop.evicting(7).block(), "the invalidation of key 7 is kept"),
        CLEAR(shop -> shop.clearing(7), "kept"),
        PUT(shop -> shop.putting(7), "the invalidation of key 7 is kept");

        private final Function<Shop, @Nullable String> call;
        private final String told;

        Change(Function<Shop, @Nullable String> call, String told) {
            this.call = call;
            this.told = told;
        }
    }

    @ParameterizedTest
    @EnumSource
    void callerGetsTheResultAndTheLogOneLine(Change change) {
        application.run(context -> {
            assertThat(change.call.apply(context.getBean(Shop.class))).isEqualTo("done");

            assertThat(names(context.getBean("names")).health().recovery().total())
                    .as("kept")
                    .isPositive();
            assertToldOnce(change.told);
        });
    }

    @ParameterizedTest
    @EnumSource
    void callerGetsTheErrorIfTheApplicationSaysSo(Change change) {
        application
                .withPropertyValues("reactive-cache.annotations.on-unacknowledged=fail")
                .run(context -> assertThatThrownBy(() -> change.call.apply(context.getBean(Shop.class)))
                        .isInstanceOf(RemoteTierException.class)
                        .hasMessageContaining(change.told));
    }

    @Test
    void onAnEventLoopTheErrorIsLoggedAnyway() {
        application
                .withPropertyValues("reactive-cache.annotations.on-unacknowledged=fail")
                .run(context -> {
                    String result = Mono.defer(() -> context.getBean(Shop.class).evicting(7))
                            .subscribeOn(Schedulers.parallel())
                            .block();

                    assertThat(result).isEqualTo("done");
                    assertToldOnce("the invalidation of key 7 is kept");
                });
    }

    private void assertToldOnce(String what) {
        assertThat(log.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.WARN);
            assertThat(line.getThrowableProxy()).as("stack trace").isNull();
            assertThat(line.getFormattedMessage())
                    .startsWith("cache 'names': ")
                    .contains(what, "sent again until it is acknowledged")
                    .doesNotContain("Exception");
        });
    }

    @SuppressWarnings("unchecked")
    private static ReactiveCache<Long, String> names(Object bean) {
        return (ReactiveCache<Long, String>) bean;
    }
}
