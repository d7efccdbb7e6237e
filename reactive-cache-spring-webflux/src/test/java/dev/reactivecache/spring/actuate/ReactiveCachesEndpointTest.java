package dev.reactivecache.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.ReactiveCache;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Mono;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.main.web-application-type=reactive",
            "management.endpoints.web.exposure.include=reactivecaches,health",
            "management.endpoint.health.show-details=always",
            "management.health.redis.enabled=false",
            "reactive-cache.redis.enabled=false",
            "reactive-cache.caches.names.key-type=Long",
            "reactive-cache.caches.names.value-type=String",
            "reactive-cache.caches.names.ttl=5m",
            "reactive-cache.defaults.absent-ttl=1m",
        })
class ReactiveCachesEndpointTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @Autowired
    private ReactiveCache<Long, String> names;

    private WebTestClient client;

    @BeforeEach
    void connect(@LocalServerPort int port) {
        client = WebTestClient.bindToServer()
                .responseTimeout(Duration.ofSeconds(30))
                .baseUrl("http://localhost:" + port + "/actuator")
                .build();
        names.put(1L, "a secret").block();
        names.invalidate(2L).block();
    }

    private WebTestClient.BodyContentSpec get(String path) {
        return client.get().uri(path).exchange().expectStatus().isOk().expectBody();
    }

    @Test
    void cachesAreListed() {
        get("/reactivecaches")
                .jsonPath("$.caches[0].name")
                .isEqualTo("names")
                .jsonPath("$.caches[0].status")
                .isEqualTo("UP")
                .jsonPath("$.caches[0].localSize")
                .isNumber();
    }

    @Test
    void oneCacheIsShownWithSettingsStatisticsAndHealth() {
        get("/reactivecaches/names")
                .jsonPath("$.keyType")
                .isEqualTo("java.lang.Long")
                .jsonPath("$.configuration.ttl")
                .isEqualTo("PT5M")
                .jsonPath("$.configuration['absent-ttl']")
                .isEqualTo("PT1M")
                .jsonPath("$.stats.localHits")
                .isNumber()
                .jsonPath("$.health.status")
                .isEqualTo("UP")
                .jsonPath("$.health.pendingInvalidations")
                .isEqualTo(0);
    }

    @Test
    void keyIsShownWithoutItsValue() {
        get("/reactivecaches/names/1")
                .jsonPath("$.present")
                .isEqualTo(true)
                .jsonPath("$.origin")
                .isEqualTo("LOCAL")
                .jsonPath("$.remainingTtl")
                .exists()
                .jsonPath("$.value")
                .isEmpty();
    }

    @Test
    void missingAndAbsentKeysAreToldApart() {
        names.getOrFetch(3L, Mono.empty()).block();

        get("/reactivecaches/names/2").jsonPath("$.present").isEqualTo(false);
        get("/reactivecaches/names/3")
                .jsonPath("$.present")
                .isEqualTo(true)
                .jsonPath("$.absent")
                .isEqualTo(true);
    }

    @Test
    void keyIsInvalidated() {
        client.delete().uri("/reactivecaches/names/1").exchange().expectStatus().is2xxSuccessful();

        assertThat(names.get(1L).block()).isNull();
    }

    @Test
    void whatHasATagIsInvalidatedAndThenTheWholeCache() {
        names.put(5L, "red", EntryOptions.defaults().withTags("red")).block();

        client.delete()
                .uri("/reactivecaches/names?tag=red")
                .exchange()
                .expectStatus()
                .is2xxSuccessful();
        assertThat(names.get(5L).block()).isNull();
        assertThat(names.get(1L).block()).isEqualTo("a secret");

        client.delete()
                .uri("/reactivecaches/names?all=true")
                .exchange()
                .expectStatus()
                .is2xxSuccessful();
        assertThat(names.get(1L).block()).isNull();
    }

    @Test
    void unknownCachesAndKeysThatNobodyCanHaveAreRefused() {
        client.get().uri("/reactivecaches/other").exchange().expectStatus().isNotFound();
        client.get().uri("/reactivecaches/other/1").exchange().expectStatus().isNotFound();
        client.get().uri("/reactivecaches/names/one").exchange().expectStatus().isBadRequest();
        client.delete().uri("/reactivecaches/other/1").exchange().expectStatus().isBadRequest();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "names | say what to invalidate: either tag=... or all=true",
                "names?all=false | say what to invalidate",
                "names?tag=red&all=true | say what to invalidate",
                "names?tags=red | unknown parameters [tags]; known are [all, cache, tag]",
                "names?tags=red&all=true | unknown parameters [tags]",
                "names?tag=red&dry=true | unknown parameters [dry]",
                "names/1?tag=red | unknown parameters [tag]; known are [cache, key]",
                "names?tag= | tag",
                "names?tag=two words | two words",
                "names?tag=red&tag=blue | red,blue",
                "names?all=perhaps | Parameter mapping failure",
                "other?all=true | there is no cache named 'other'",
                "names/one | no key that is spelt like that",
            })
    void requestThatDoesNotSayWhatToDropIsRefusedWithTheReason(String path, String reason) {
        names.put(5L, "red", EntryOptions.defaults().withTags("red")).block();

        client.delete()
                .uri("/reactivecaches/" + path.strip())
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.reason")
                .value(String.class, told -> assertThat(told).contains(reason.strip()));

        assertThat(names.get(1L).block()).isEqualTo("a secret");
        assertThat(names.get(5L).block()).isEqualTo("red");
    }

    @Test
    void healthHasDetails() {
        get("/health")
                .jsonPath("$.components.reactiveCaches.status")
                .isEqualTo("UP")
                .jsonPath("$.components.reactiveCaches.details.names.pendingInvalidations")
                .isEqualTo(0);
    }
}
