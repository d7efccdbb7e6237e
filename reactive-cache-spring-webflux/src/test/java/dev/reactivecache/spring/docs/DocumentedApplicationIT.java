package dev.reactivecache.spring.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.TestRedis;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The application of docs/spring.md, with spring.data.redis. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "reactive-cache.redis.await-ready=20s",
            "reactive-cache.defaults.ttl=10m",
            "reactive-cache.caches.products.local.maximum-size=10000",
            "reactive-cache.caches.products.remote=required",
            "management.endpoints.web.exposure.include=reactivecaches"
        })
class DocumentedApplicationIT {
    private static TestRedis redis;

    @DynamicPropertySource
    static void redis(DynamicPropertyRegistry registry) {
        redis = TestRedis.start();
        registry.add("spring.data.redis.host", () -> "127.0.0.1");
        registry.add("spring.data.redis.port", () -> redis.port());
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Autowired
    private Catalog annotated;

    @Autowired
    private DirectUse.Catalog direct;

    @Autowired
    private ProductRepository repository;

    @Autowired
    private ReactiveCache<Long, Product> products;

    @Test
    void annotationsTheCacheItselfAndTheWebShareOneCache(@LocalServerPort int port) {
        WebTestClient client = WebTestClient.bindToServer()
                .responseTimeout(Duration.ofSeconds(30))
                .baseUrl("http://localhost:" + port)
                .build();

        Product first = annotated.find(7).block();
        assertThat(direct.find(7).block()).isEqualTo(first);
        client.get().uri("/products/7").exchange().expectBody(Product.class).isEqualTo(first);
        assertThat(repository.reads()).isEqualTo(1);

        Product changed = new Product(7, "changed", false);
        client.put()
                .uri("/products/7")
                .bodyValue(changed)
                .exchange()
                .expectStatus()
                .isOk();
        assertThat(annotated.find(7).block()).isEqualTo(changed);
        assertThat(repository.reads()).as("a write fills the cache").isEqualTo(1);

        Product draft = new Product(7, "draft", true);
        annotated.save(draft).block();
        assertThat(annotated.find(7).block()).isEqualTo(draft);
        assertThat(annotated.find(7).block()).isEqualTo(draft);
        assertThat(repository.reads()).as("drafts are not kept").isEqualTo(3);

        assertThat(direct.find(7).block()).isEqualTo(draft);
        client.get()
                .uri("/actuator/reactivecaches/products")
                .exchange()
                .expectBody()
                .jsonPath("$.health.connected")
                .isEqualTo(true)
                .jsonPath("$.health.streamLive")
                .isEqualTo(true);
        client.delete()
                .uri("/actuator/reactivecaches/products/7")
                .exchange()
                .expectStatus()
                .is2xxSuccessful();
        assertThat(products.get(7L).block()).isNull();
    }
}
