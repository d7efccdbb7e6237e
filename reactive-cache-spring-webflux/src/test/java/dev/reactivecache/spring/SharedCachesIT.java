package dev.reactivecache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Cached.Origin;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.redis.RedisConfigurationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Mono;

class SharedCachesIT {
    private static TestRedis redis;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stop() {
        if (redis != null) {
            redis.close();
        }
    }

    record Product(long id, String name) {}

    private ApplicationContextRunner node() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ReactiveCacheAutoConfiguration.class))
                .withPropertyValues(TestRedis.patient())
                .withPropertyValues(
                        "reactive-cache.redis.uri=" + redis.uri(),
                        "reactive-cache.redis.await-ready=10s",
                        "reactive-cache.caches.products.key-type=Long",
                        "reactive-cache.caches.products.value-type=" + Product.class.getName(),
                        "reactive-cache.caches.products.remote=required");
    }

    @Test
    @Tag("smoke")
    void twoApplicationsShareWhatOneHasLoaded() {
        node().run(first -> node().run(second -> {
            Product lamp = new Product(1, "lamp");
            products(first).getOrFetch(1L, Mono.just(lamp)).block();

            var answer = products(second).lookup(1L, key -> Mono.error(new AssertionError("loaded twice")));

            assertThat(answer.block().value()).isEqualTo(lamp);
            assertThat(answer.block().origin()).isIn(Origin.REMOTE, Origin.LOCAL);
        }));
    }

    @Test
    void redisThatDoesNotTellOfChangesFailsTheStartThatWaitsForIt() {
        try (TestRedis silent = TestRedis.start()) {
            node().withPropertyValues(
                            "reactive-cache.redis.uri=" + silent.uri(),
                            "reactive-cache.redis.notifications=leave",
                            "reactive-cache.redis.changes=events")
                    .run(context -> {
                        assertThat(context).hasFailed();
                        assertAnalysed(context.getStartupFailure());
                    });
        }
    }

    private static void assertAnalysed(Throwable failure) {
        assertThat(failure).hasRootCauseInstanceOf(RedisConfigurationException.class);
        var analysis = new RedisConfigurationFailureAnalyzer().analyze(failure);
        assertThat(analysis.getDescription()).contains("CONFIG SET notify-keyspace-events");
        assertThat(analysis.getAction()).contains("reactive-cache.redis.notifications=add-missing");
    }

    @Test
    void redisThatIsNotThereDoesNotFailTheStart() {
        node().withPropertyValues(
                        "reactive-cache.redis.uri=redis://127.0.0.1:1", "reactive-cache.redis.await-ready=200ms")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @SuppressWarnings("unchecked")
    private static ReactiveCache<Long, Product> products(org.springframework.context.ApplicationContext context) {
        return context.getBean("products", ReactiveCache.class);
    }
}
