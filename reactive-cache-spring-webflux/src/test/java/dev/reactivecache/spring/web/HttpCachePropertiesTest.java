package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import dev.reactivecache.spring.ReactiveCacheConfigurationException;
import dev.reactivecache.spring.ReactiveCaches;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** A cache of responses that nobody has written a line of code for. */
class HttpCachePropertiesTest {
    private static final String HTTP = "reactive-cache.http.";

    private final ReactiveWebApplicationContextRunner application = new ReactiveWebApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ReactiveCacheAutoConfiguration.class, HttpCacheAutoConfiguration.class))
            .withUserConfiguration(Endpoints.class);

    @Configuration(proxyBeanMethods = false)
    @EnableWebFlux
    static class Endpoints {
        private final AtomicInteger calls = new AtomicInteger();

        @Bean
        RouterFunction<ServerResponse> routes() {
            return route().GET("/products/{id}", request -> answer(ServerResponse.ok()))
                    .GET("/private/{id}", request -> answer(ServerResponse.ok().cacheControl(CacheControl.noStore())))
                    .GET("/tagged/{id}", request -> answer(ServerResponse.ok().header("Cache-Tag", "all")))
                    .GET("/missing/{id}", request -> answer(ServerResponse.status(404)))
                    .build();
        }

        private Mono<ServerResponse> answer(ServerResponse.BodyBuilder response) {
            return response.bodyValue("call " + calls.incrementAndGet());
        }
    }

    private static WebTestClient client(ApplicationContext context) {
        return WebTestClient.bindToApplicationContext(context).build();
    }

    private static String get(ApplicationContext context, String uri, String... header) {
        return exchange(context, uri, header).getResponseBody();
    }

    private static EntityExchangeResult<String> exchange(ApplicationContext context, String uri, String... header) {
        WebTestClient.RequestHeadersSpec<?> request = client(context).get().uri(uri);
        for (int i = 0; i < header.length; i += 2) {
            String[] cookie = header[i + 1].split("=", 2);
            request = header[i].equals("Cookie")
                    ? request.cookie(cookie[0], cookie[1])
                    : request.header(header[i], header[i + 1]);
        }
        return request.exchange().expectBody(String.class).returnResult();
    }

    @Test
    void pathsAreAllThatIsNeeded() {
        application.withPropertyValues(HTTP + "paths=/products/**,/private/**").run(context -> {
            assertThat(get(context, "/products/1")).isEqualTo("call 1");
            assertThat(get(context, "/products/1")).isEqualTo("call 1");
            assertThat(get(context, "/private/1")).isEqualTo("call 2");
            assertThat(get(context, "/private/1")).isEqualTo("call 3");
            assertThat(get(context, "/missing/1")).isEqualTo("call 4");
        });
    }

    @Test
    void withoutPathsThereIsNone() {
        application.run(context ->
                assertThat(context).doesNotHaveBean(CachedResponses.class).doesNotHaveBean(ReactiveCache.class));
        application
                .withPropertyValues(HTTP + "paths=")
                .run(context -> assertThat(context).doesNotHaveBean(CachedResponses.class));
    }

    @Test
    void hostNamesAndTagsHaveProperties() {
        application
                .withPropertyValues(HTTP + "paths=/tagged/**", HTTP + "ignore-host=true", HTTP + "tag-header=Cache-Tag")
                .run(context -> {
                    assertThat(get(context, "http://one/tagged/1")).isEqualTo("call 1");
                    assertThat(get(context, "http://two/tagged/1")).isEqualTo("call 1");

                    context.getBean(ReactiveCache.class).invalidateTag("all").block();

                    assertThat(get(context, "http://one/tagged/1")).isEqualTo("call 2");
                });
    }

    @Test
    void everyOptionIsAProperty() {
        application
                .withPropertyValues(
                        HTTP + "paths[0]=/products/**",
                        HTTP + "paths[1]=/missing/**",
                        HTTP + "vary-by=Accept-Language",
                        HTTP + "query-parameters=page",
                        HTTP + "statuses=200,404",
                        HTTP + "lifetime=42s",
                        HTTP + "ignored-cookies=theme",
                        HTTP + "credentials=X-Api-Key",
                        HTTP + "x-cache=true",
                        HTTP + "order=7")
                .run(context -> {
                    assertThat(context.getBean(CachedResponses.class).getOrder())
                            .isEqualTo(7);
                    assertThat(get(context, "/products/1", "Accept-Language", "de"))
                            .isEqualTo("call 1");
                    assertThat(get(context, "/products/1", "Accept-Language", "en"))
                            .isEqualTo("call 2");
                    assertThat(get(context, "/products/1?x=1", "Accept-Language", "de"))
                            .isEqualTo("call 1");
                    assertThat(get(context, "/products/1?page=2", "Accept-Language", "de"))
                            .isEqualTo("call 3");
                    assertThat(get(context, "/missing/1")).isEqualTo("call 4");
                    assertThat(get(context, "/missing/1")).isEqualTo("call 4");
                    assertThat(get(context, "/missing/1", "Cookie", "theme=dark"))
                            .isEqualTo("call 4");
                    assertThat(get(context, "/missing/1", "Cookie", "session=1"))
                            .isEqualTo("call 5");
                    assertThat(get(context, "/missing/1", "X-Api-Key", "1")).isEqualTo("call 6");
                    assertThat(exchange(context, "/missing/1").getResponseHeaders())
                            .satisfies(headers -> {
                                assertThat(headers.getFirst("X-Cache")).isEqualTo("HIT");
                                assertThat(headers.getFirst("Cache-Status")).matches("responses; hit; ttl=4[12]");
                            });
                });
    }

    private static HttpCacheOptions options(String... properties) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            map.put(HTTP + properties[i], properties[i + 1]);
        }
        return new Binder(new MapConfigurationPropertySource(map))
                .bindOrCreate("reactive-cache.http", HttpCacheProperties.class)
                .options();
    }

    @Test
    void whatHttpAllowsBeyondTheDefaultsHasProperties() {
        HttpCacheOptions defaults = options();
        assertThat(defaults.storesForValidation()).isFalse();
        assertThat(defaults.sharesSetCookie()).isFalse();
        assertThat(defaults.targetedFields()).isEmpty();

        assertThat(options("validated-responses", "true").storesForValidation()).isTrue();
        assertThat(options("shared-set-cookie", "true").sharesSetCookie()).isTrue();
        assertThat(options("targeted-fields", "A, CDN-Cache-Control").targetedFields())
                .containsExactly("A", "CDN-Cache-Control");
        assertThat(options("guessed-lifetime", "1h").usualLifetime())
                .isEqualTo(UsualLifetime.guessed(Duration.ofHours(1)));
        assertThat(options("statuses-cacheable-by-default", "true").statuses()).contains(200, 404, 410);
    }

    @Test
    void settingsThatExcludeEachOtherAreRefused() {
        assertThatThrownBy(() -> options("guessed-lifetime", "1h", "lifetime", "1m"))
                .hasMessageContaining("guessed-lifetime");
        assertThatThrownBy(() -> options("guessed-lifetime", "1h", "explicit-lifetime-only", "true"))
                .hasMessageContaining("guessed-lifetime");
        assertThatThrownBy(() -> options("statuses", "200", "statuses-cacheable-by-default", "true"))
                .hasMessageContaining("statuses-cacheable-by-default");
        assertThatThrownBy(() -> options("guessed-lifetime", "0s")).hasMessageContaining("above zero");
    }

    @Test
    void bodiesAndLifetimesAreBounded() {
        application
                .withPropertyValues(HTTP + "paths=/**", HTTP + "maximum-body=1B")
                .run(context -> {
                    assertThat(get(context, "/products/1")).isEqualTo("call 1");
                    assertThat(get(context, "/products/1")).isEqualTo("call 2");
                });
        application
                .withPropertyValues(HTTP + "paths=/**", HTTP + "explicit-lifetime-only=true")
                .run(context -> {
                    assertThat(get(context, "/products/1")).isEqualTo("call 1");
                    assertThat(get(context, "/products/1")).isEqualTo("call 2");
                });
    }

    @Test
    void allCookiesCanBeIgnoredAndAuthorizedRequestsAdmitted() {
        application
                .withPropertyValues(HTTP + "paths=/**", HTTP + "ignored-cookies=*", HTTP + "request-directives=honour")
                .run(context -> {
                    assertThat(get(context, "/products/1", "Cookie", "any=1")).isEqualTo("call 1");
                    assertThat(get(context, "/products/1", "Cookie", "any=2")).isEqualTo("call 1");
                    assertThat(get(context, "/products/1", "Cache-Control", "no-cache"))
                            .isEqualTo("call 2");
                });
        application
                .withPropertyValues(HTTP + "paths=/**", HTTP + "authorized-requests=true")
                .run(context -> {
                    assertThat(get(context, "/products/1")).isEqualTo("call 1");
                    assertThat(get(context, "/products/1", "Authorization", "Bearer x"))
                            .isEqualTo("call 1");
                });
    }

    @Test
    void theCacheHasTheSettingsOfItsName() {
        application
                .withPropertyValues(
                        HTTP + "paths=/**", HTTP + "cache=pages", "reactive-cache.caches.pages.absent-ttl=5s")
                .run(context -> {
                    assertThat(context.getBean(ReactiveCache.class).name()).isEqualTo("pages");
                    assertThat(context.getBean(ReactiveCaches.class).settings("pages"))
                            .isEqualTo(Map.of("absent-ttl", "PT5S"));
                });
    }

    @Test
    void aFilterOfTheApplicationTakesItsPlace() {
        application
                .withPropertyValues(HTTP + "paths=/**")
                .withBean(
                        "own",
                        CachedResponses.class,
                        () -> CachedResponses.of(CachedResponses.cache("own").build(), "/nothing"))
                .run(context -> assertThat(context)
                        .hasSingleBean(CachedResponses.class)
                        .hasBean("own")
                        .doesNotHaveBean(ReactiveCache.class));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lifetime=0s | lifetime (PT0S) must be above zero",
                "statuses=206 | status (206) must be from 200 to 599",
                "maximum-body=3GB | maximum-body (3221225472B) must be below 2GB",
                "maximum-body=-1B | maximumBody (-1) must not be below zero",
                "memory=0B | maximumWeight (0) must be above zero",
                "paths=/a/**/{b | paths",
                "cache=a b | cache name ('a b') must match",
                "order=first | first",
            })
    void aSettingThatCannotWorkFailsTheStart(String setting, String told) {
        application
                .withPropertyValues(HTTP + "paths=/**", HTTP + setting)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining(told.equals("paths") ? "pattern" : told));
    }

    @Test
    void settingsThatExcludeEachOtherFailTheStartWithAnAction() {
        application
                .withPropertyValues(HTTP + "paths=/**", HTTP + "lifetime=1m", HTTP + "explicit-lifetime-only=true")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasRootCauseMessage(HTTP + "lifetime (PT1M) and explicit-lifetime-only exclude each other")
                        .cause()
                        .rootCause());
        application
                .withPropertyValues(HTTP + "paths=/**", HTTP + "statuses=304")
                .run(context -> assertThat(failure(context.getStartupFailure()).action())
                        .isEqualTo("Change that setting below reactive-cache.http."));
    }

    private static ReactiveCacheConfigurationException failure(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof ReactiveCacheConfigurationException found) {
                return found;
            }
        }
        throw new AssertionError("not a configuration failure", thrown);
    }
}
