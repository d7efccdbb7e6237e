package dev.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class BuiltInCodeTest {
    @Test
    @SuppressWarnings("unchecked")
    void cacheHasItsLoaderAndTheSettingsOfTheProperties() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(ReactiveCacheAutoConfiguration.class))
                .withBean(ProductRepository.class)
                .withUserConfiguration(BuiltInCode.class)
                .withPropertyValues("reactive-cache.defaults.ttl=1h", "reactive-cache.defaults.jitter=0")
                .run(context -> {
                    ReactiveCache<Long, Product> products = context.getBean("products", ReactiveCache.class);

                    assertThat(products.getOrFetch(1L).block().name()).isEqualTo("new");
                    assertThat(products.lookup(1L).block().remainingTtl())
                            .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));
                    assertThat(context.getBean(ProductRepository.class).reads()).isEqualTo(1);
                });
    }
}
