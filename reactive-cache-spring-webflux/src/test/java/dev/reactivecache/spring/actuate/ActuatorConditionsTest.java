package dev.reactivecache.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import dev.reactivecache.spring.ReactiveCaches;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

/** What is shown to whom. */
class ActuatorConditionsTest {
    private final ReactiveWebApplicationContextRunner application = new ReactiveWebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    EndpointAutoConfiguration.class,
                    WebEndpointAutoConfiguration.class,
                    ReactiveCacheAutoConfiguration.class,
                    ReactiveCacheActuatorAutoConfiguration.class))
            .withPropertyValues(
                    "reactive-cache.caches.names.key-type=Long", "reactive-cache.caches.names.value-type=String");

    @Test
    void endpointIsNotThereUnlessItIsExposed() {
        application.run(context -> assertThat(context).doesNotHaveBean(ReactiveCachesEndpoint.class));
        exposed().run(context -> assertThat(context).hasSingleBean(ReactiveCachesEndpoint.class));
    }

    @Test
    void endpointWithoutAccessIsNotThere() {
        exposed()
                .withPropertyValues("management.endpoint.reactivecaches.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(ReactiveCachesEndpoint.class));
    }

    @Test
    void valuesAreShownOnlyIfAPropertySaysSo() {
        exposed()
                .run(context -> assertThat(shownValue(context.getBean(ReactiveCachesEndpoint.class), context))
                        .isNull());
        exposed()
                .withPropertyValues("management.endpoint.reactivecaches.show-values=true")
                .run(context -> assertThat(shownValue(context.getBean(ReactiveCachesEndpoint.class), context))
                        .isEqualTo("a secret"));
    }

    @SuppressWarnings("unchecked")
    private static String shownValue(
            ReactiveCachesEndpoint endpoint, org.springframework.context.ApplicationContext context) {
        ReactiveCache<Long, String> names = context.getBean("names", ReactiveCache.class);
        names.put(1L, "a secret").block();
        return endpoint.key("names", "1").block().value();
    }

    @Test
    void healthIndicatorCanBeSwitchedOff() {
        application.run(context -> assertThat(context).hasSingleBean(ReactiveHealthIndicator.class));
        application
                .withPropertyValues("management.health.reactivecaches.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(ReactiveHealthIndicator.class));
    }

    @Test
    void cacheWithoutItsRedisIsDegradedAndNotDown() {
        application
                .withPropertyValues("reactive-cache.redis.uri=redis://127.0.0.1:1")
                .run(context -> {
                    var health = new CachesHealthIndicator(context.getBean(ReactiveCaches.class))
                            .health()
                            .block();
                    assertThat(health.getStatus()).isEqualTo(CachesHealthIndicator.DEGRADED);
                    assertThat(health.getDetails().get("names").toString()).contains("connected=false");
                });
    }

    @Test
    void applicationWithoutActuatorAndSpringDataStarts() {
        new ReactiveWebApplicationContextRunner()
                .withClassLoader(new FilteredClassLoader(
                        "org.springframework.boot.actuate",
                        "org.springframework.boot.health",
                        "org.springframework.boot.data.redis",
                        "org.springframework.data.redis",
                        "org.springframework.transaction"))
                .withConfiguration(AutoConfigurations.of(ReactiveCacheAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed());
    }

    private ReactiveWebApplicationContextRunner exposed() {
        return application.withPropertyValues("management.endpoints.web.exposure.include=reactivecaches");
    }
}
