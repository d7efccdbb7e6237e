package dev.reactivecache.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.WebTestClient;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.endpoints.web.exposure.include=reactivecaches",
            "management.endpoint.reactivecaches.access=read-only",
            "reactive-cache.redis.enabled=false",
            "reactive-cache.caches.names.key-type=Long",
            "reactive-cache.caches.names.value-type=String",
        })
class ReadOnlyEndpointTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @Autowired
    private ReactiveCache<Long, String> names;

    @Test
    void whatIsReadOnlyCanBeReadAndNotDropped(@LocalServerPort int port) {
        WebTestClient client = WebTestClient.bindToServer()
                .responseTimeout(Duration.ofSeconds(30))
                .baseUrl("http://localhost:" + port + "/actuator/reactivecaches")
                .build();
        names.put(1L, "one").block();

        for (String path : new String[] {"/names/1", "/names", "/names?tag=red"}) {
            client.delete().uri(path).exchange().expectStatus().isEqualTo(HttpStatus.METHOD_NOT_ALLOWED);
        }

        assertThat(names.get(1L).block()).isEqualTo("one");
        for (String path : new String[] {"", "/names", "/names/1"}) {
            client.get().uri(path).exchange().expectStatus().isOk();
        }
    }
}
