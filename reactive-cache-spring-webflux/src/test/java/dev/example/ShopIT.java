package dev.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactivecache.spring.TestRedis;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.test.StepVerifier;

/** Two instances of the documented application on one Redis, whose address each gets in a way of its own, over HTTP. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {ShopIT.PROPERTIES, ShopIT.AWAIT_READY})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShopIT {
    static final String PROPERTIES = "spring.config.additional-location=classpath:/dev/example/";
    static final String AWAIT_READY = "reactive-cache.redis.await-ready=20s";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static TestRedis redis;

    @DynamicPropertySource
    static void redis(DynamicPropertyRegistry registry) {
        redis = TestRedis.start();
        registry.add("reactive-cache.redis.uri", redis::uri);
        registry.add("spring.data.redis.url", redis::uri); // for Spring Data's own health
        for (String property : TestRedis.patient()) {
            String[] parts = property.split("=", 2);
            registry.add(parts[0], () -> parts[1]);
        }
    }

    @LocalServerPort
    private int port;

    @Autowired
    private ProductRepository products;

    @Autowired
    private PriceList prices;

    private ConfigurableApplicationContext second;
    private WebTestClient one;
    private WebTestClient other;

    @BeforeAll
    void startAnother() {
        String[] properties =
                TestRedis.patient(PROPERTIES, AWAIT_READY, "server.port=0", "spring.data.redis.url=" + redis.uri());
        second = SpringApplication.run(
                ShopApplication.class,
                Stream.of(properties).map(property -> "--" + property).toArray(String[]::new));
        one = client(port);
        other = client(Integer.parseInt(second.getEnvironment().getRequiredProperty("local.server.port")));
    }

    private static WebTestClient client(int port) {
        return WebTestClient.bindToServer()
                .baseUrl("http://localhost:" + port)
                // the server's name is part of the key of a response: both stand behind one
                .defaultHeader("Host", "shop.example")
                .responseTimeout(PATIENCE)
                .build();
    }

    @AfterAll
    void stop() {
        second.close();
        redis.close();
    }

    private int reads() {
        return products.reads() + second.getBean(ProductRepository.class).reads();
    }

    private static String get(WebTestClient instance, String path, Object... variables) {
        return instance.get()
                .uri(path, variables)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
    }

    private static void put(WebTestClient instance, String path, Object variable, Object body) {
        instance.put()
                .uri(path, variable)
                .contentType(body instanceof String ? MediaType.TEXT_PLAIN : MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void handlersShareOneLoadAndSeeEachOthersWrites() {
        int before = reads();
        assertThat(get(one, "/products/{id}", 1)).contains("new");
        assertThat(get(other, "/products/{id}", 1)).contains("new");
        assertThat(reads() - before).isEqualTo(1);

        put(one, "/products/{id}", 1, new Product(1, "written", false));

        await().untilAsserted(() -> assertThat(get(other, "/products/{id}", 1)).contains("written"));
        assertThat(get(one, "/products/{id}", 1)).contains("written");
        assertThat(reads() - before).as("a write fills the caches").isEqualTo(1);
    }

    @Test
    void annotationsWorkOnTheSameCacheOfBothInstances() {
        int before = reads();
        get(one, "/catalog/{id}", 2);
        get(one, "/products/{id}", 2);
        get(other, "/catalog/{id}", 2);
        assertThat(reads() - before).isEqualTo(1);

        put(one, "/catalog/{id}", 2, new Product(2, "saved", false));
        await().untilAsserted(() -> assertThat(get(other, "/catalog/{id}", 2)).contains("saved"));

        put(other, "/catalog/{id}", 2, new Product(2, "sketch", true));
        await().untilAsserted(() -> assertThat(get(one, "/catalog/{id}", 2)).contains("sketch"));
        int kept = reads();
        get(one, "/catalog/{id}", 2);
        get(one, "/catalog/{id}", 2);
        assertThat(reads() - kept).as("drafts are not kept").isEqualTo(2);
    }

    @Test
    void springsAnnotationsWorkOnBothInstances() {
        PriceList others = second.getBean(PriceList.class);
        int before = prices.reads() + others.reads();
        assertThat(get(one, "/prices/{article}", "tea")).isEqualTo("1");
        assertThat(get(other, "/prices/{article}", "tea")).isEqualTo("1");
        assertThat(get(other, "/prices/{article}/known", "tea")).isEqualTo("1");
        assertThat(prices.reads() + others.reads() - before).isEqualTo(1);

        put(other, "/prices/{article}", "tea", new BigDecimal("2.50"));

        await().untilAsserted(
                        () -> assertThat(get(one, "/prices/{article}", "tea")).isEqualTo("2.50"));
        await().untilAsserted(
                        () -> assertThat(get(other, "/prices/{article}", "tea")).isEqualTo("2.50"));
    }

    @Test
    void whatOneInstanceWritesIsToldByTheOther() {
        var events = other.get()
                .uri("/products/invalidations?key=3")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .exchange()
                .expectStatus()
                .isOk()
                .returnResult(new ParameterizedTypeReference<ServerSentEvent<Map<String, Object>>>() {})
                .getResponseBody();

        StepVerifier.create(events)
                .assertNext(opening -> assertThat(opening.data()).isNull())
                .then(() -> put(one, "/products/{id}", 3, new Product(3, "told", false)))
                .assertNext(event -> assertThat(event.data())
                        .containsEntry("cache", "products")
                        .containsEntry("key", 3))
                .thenCancel()
                .verify(PATIENCE);
    }

    @Test
    void responsesAreSharedUntilTheirResourceIsChangedThroughEither() {
        assertThat(page(one).getResponseBody()).isEqualTo("<h1>new</h1>");
        EntityExchangeResult<String> shared = page(other);
        assertThat(shared.getResponseBody()).isEqualTo("<h1>new</h1>");
        assertThat(shared.getResponseHeaders().getFirst("Cache-Status")).startsWith("responses; hit");

        put(other, "/pages/{id}", 4, "renamed");

        await().untilAsserted(() -> assertThat(page(one).getResponseBody()).isEqualTo("<h1>renamed</h1>"));
    }

    private static EntityExchangeResult<String> page(WebTestClient instance) {
        return instance.get()
                .uri("/pages/4")
                .exchange()
                .expectBody(String.class)
                .returnResult();
    }

    @Test
    void endpointShowsCachesAndDropsKeysOnBothInstances() {
        get(one, "/products/{id}", 5);
        get(other, "/products/{id}", 5);
        assertThat(get(one, "/actuator/reactivecaches")).contains("products", "prices", "responses");
        other.get()
                .uri("/actuator/reactivecaches/products")
                .exchange()
                .expectBody()
                .jsonPath("$.health.connected")
                .isEqualTo(true)
                .jsonPath("$.health.streamLive")
                .isEqualTo(true)
                .jsonPath("$.configuration.ttl")
                .isEqualTo("PT10M");
        assertThat(get(other, "/actuator/reactivecaches/products/5")).contains("\"present\":true");

        one.delete()
                .uri("/actuator/reactivecaches/products/5")
                .exchange()
                .expectStatus()
                .is2xxSuccessful();

        await().untilAsserted(() ->
                assertThat(get(other, "/actuator/reactivecaches/products/5")).contains("\"present\":false"));
    }

    @Test
    void healthAndMetersAreThere() {
        get(one, "/products/{id}", 6);
        get(one, "/products/{id}", 6);

        one.get()
                .uri("/actuator/health")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.components.reactiveCaches.status")
                .isEqualTo("UP")
                .jsonPath("$.components.reactiveCaches.details.products.pendingInvalidations")
                .isEqualTo(0)
                .jsonPath("$.components.reactiveCaches.details.prices")
                .exists();
        for (String meter : new String[] {"hits?tag=cache:products&tag=tier:local", "load?tag=cache:products"}) {
            one.get()
                    .uri("/actuator/metrics/reactive.cache." + meter)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody()
                    .jsonPath("$.measurements[0].value")
                    .value(Double.class, value -> assertThat(value).isPositive());
        }
        assertThat(get(one, "/actuator/metrics/reactive.cache.stream.live?tag=cache:prices"))
                .contains("1.0");
    }
}
