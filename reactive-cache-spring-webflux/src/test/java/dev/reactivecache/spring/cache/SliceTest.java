package dev.reactivecache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.test.AutoConfigureReactiveCacheTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.webflux.test.autoconfigure.WebFluxTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** A slice has the settings of the whole application, and not all that they are about. */
@WebFluxTest(
        properties = {
            "reactive-cache.http.paths=/names/**",
            "reactive-cache.caches.responses.ttl=1m",
            "reactive-cache.caches.elsewhere.ttl=1m",
            "reactive-cache.caches.names.key-type=Long",
            "reactive-cache.caches.names.value-type=String",
            "spring.main.web-application-type=reactive",
        })
@AutoConfigureReactiveCacheTest
class SliceTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Names.class)
    static class Application {
        @Bean
        Catalog catalog() {
            return new Catalog();
        }
    }

    /** What it names is built by a configuration that the slice does not have. */
    static class Catalog {
        @ReactiveCacheable(cache = "elsewhere")
        public Mono<String> name(long id) {
            return Mono.just("lamp");
        }
    }

    @RestController
    static class Names {
        private int asked;

        @GetMapping("/names/{id}")
        Mono<String> name() {
            return Mono.fromSupplier(() -> "lamp " + ++asked);
        }
    }

    @Autowired
    private WebTestClient client;

    @Autowired
    private ReactiveCache<Long, String> names;

    @Test
    void sliceStartsAndItsResponsesAreCached() {
        for (int i = 0; i < 2; i++) {
            client.get()
                    .uri("/names/1")
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody(String.class)
                    .isEqualTo("lamp 1");
        }
        assertThat(names.get(1L).block()).isNull();
    }
}
