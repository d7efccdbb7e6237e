package dev.reactivecache.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

@SuppressWarnings("unchecked") // beans by name have raw types
class CacheMetricsAutoConfigurationTest {
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ReactiveCacheAutoConfiguration.class,
                    CacheMetricsAutoConfiguration.class,
                    MetricsAutoConfiguration.class))
            .withUserConfiguration(Caches.class);

    @Configuration(proxyBeanMethods = false)
    static class Caches {
        @Bean
        ReactiveCache<String, String> first() {
            return ReactiveCache.<String, String>builder("first").build();
        }

        @Bean
        ReactiveCache<Long, String> second() {
            return ReactiveCache.<Long, String>builder("second").build();
        }
    }

    @Test
    void everyCacheIsInTheMeterRegistry() {
        application.withBean(SimpleMeterRegistry.class).run(context -> {
            context.getBean("first", ReactiveCache.class)
                    .getOrFetch("k", Mono.just("v"))
                    .block();

            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(registry.get("reactive.cache.misses")
                            .tag("cache", "first")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("reactive.cache.misses")
                            .tag("cache", "second")
                            .functionCounter()
                            .count())
                    .isZero();
            assertThat(registry.get("reactive.cache.load")
                            .tag("cache", "first")
                            .timer()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void everyCacheIsObserved() {
        List<String> names = new CopyOnWriteArrayList<>();
        ObservationRegistry registry = registry(names);

        application.withBean(ObservationRegistry.class, () -> registry).run(context -> {
            context.getBean("second", ReactiveCache.class)
                    .getOrFetch(1L, Mono.just("v"))
                    .block();

            assertThat(names).containsExactly("load second");
        });
    }

    @Test
    void observationsCanBeSwitchedOff() {
        List<String> names = new CopyOnWriteArrayList<>();

        application
                .withBean(ObservationRegistry.class, () -> registry(names))
                .withPropertyValues("management.observations.enable.reactive.cache=false")
                .run(context -> {
                    context.getBean("second", ReactiveCache.class)
                            .getOrFetch(1L, Mono.just("v"))
                            .block();

                    assertThat(names).isEmpty();
                });
    }

    private static ObservationRegistry registry(List<String> names) {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                names.add(context.getContextualName());
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        return registry;
    }

    @Test
    void springsCacheMetersKnowOurCaches() {
        ReactiveCache<String, String> cache =
                ReactiveCache.<String, String>builder("adapted").build();
        cache.getOrFetch("k", Mono.just("v")).block();
        cache.getOrFetch("k", Mono.just("v")).block();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Cache adapter = Mockito.mock(Cache.class);
        Mockito.when(adapter.getName()).thenReturn("adapted");
        Mockito.when(adapter.getNativeCache()).thenReturn(cache, "another library's");

        new SpringCacheMeters().getMeterBinder(adapter, List.of()).bindTo(registry);

        assertThat(registry.get("cache.gets")
                        .tag("result", "hit")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("cache.gets")
                        .tag("result", "miss")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("cache.size").gauge().value()).isEqualTo(1);
        assertThat(new SpringCacheMeters().getMeterBinder(adapter, List.of())).isNull();
    }

    @Test
    void anApplicationWithoutMicrometerStarts() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(CacheMetricsAutoConfiguration.class))
                .withUserConfiguration(Caches.class)
                .withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("reactiveCacheMeters"));
    }
}
