package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.redis.RedisTier;
import dev.reactivecache.spring.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Two applications share their responses through one Redis, over real HTTP. */
class SharedResponsesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger CALLS = new AtomicInteger();

    private static TestRedis redis;
    private static ConfigurableApplicationContext one;
    private static ConfigurableApplicationContext other;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean(destroyMethod = "")
        RedisTier redis(Environment environment) {
            return RedisTier.builder(environment.getRequiredProperty("test.redis"))
                    .readTimeout(PATIENCE)
                    .writeTimeout(PATIENCE)
                    .connect();
        }

        @Bean(destroyMethod = "")
        ReactiveCache<String, StoredResponse> responses(RedisTier redis) {
            return CachedResponses.cache("responses").remote(redis).build();
        }

        @Bean
        CachedResponses cachedResponses(ReactiveCache<String, StoredResponse> responses) {
            return CachedResponses.of(responses, "/products/**")
                    .withOptions(HttpCacheOptions.defaults().withVaryBy());
        }

        @Bean
        RouterFunction<ServerResponse> routes() {
            return route().GET(
                            "/products/{id}",
                            request -> Mono.delay(Duration.ofMillis(200))
                                    .flatMap(late -> ServerResponse.ok()
                                            .bodyValue(
                                                    request.pathVariable("id") + " made " + CALLS.incrementAndGet())))
                    .build();
        }
    }

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
        one = application();
        other = application();
    }

    private static ConfigurableApplicationContext application() {
        ConfigurableApplicationContext context =
                new SpringApplication(Application.class).run("--server.port=0", "--test.redis=" + redis.uri());
        context.getBean(RedisTier.class).ready().block(PATIENCE);
        return context;
    }

    @AfterAll
    static void stop() {
        for (ConfigurableApplicationContext context : new ConfigurableApplicationContext[] {one, other}) {
            if (context != null) {
                context.getBean(RedisTier.class).close().block(PATIENCE);
                context.close();
            }
        }
        if (redis != null) {
            redis.close();
        }
    }

    private static WebTestClient client(ConfigurableApplicationContext context) {
        return WebTestClient.bindToServer()
                .baseUrl("http://localhost:" + context.getEnvironment().getProperty("local.server.port"))
                // the server's name is part of the key: both stand behind one
                .defaultHeader("Host", "shop.example")
                .responseTimeout(PATIENCE)
                .build();
    }

    private static EntityExchangeResult<String> get(ConfigurableApplicationContext context, String path) {
        return client(context)
                .get()
                .uri(path)
                .exchange()
                .expectBody(String.class)
                .returnResult();
    }

    @Test
    void oneApplicationAnswersWhatTheOtherHasMade() {
        String made = get(one, "/products/1").getResponseBody();
        EntityExchangeResult<String> shared = get(other, "/products/1");

        assertThat(shared.getResponseBody()).isEqualTo(made);
        assertThat(shared.getResponseHeaders().getFirst("Cache-Status")).startsWith("responses; hit");
    }

    @Test
    void aHundredRequestsOfAColdRouteAreOneCall() {
        int before = CALLS.get();
        WebTestClient client = client(one);

        List<String> all = Flux.range(0, 100)
                .flatMap(
                        i -> Mono.fromCallable(() -> client.get()
                                        .uri("/products/cold")
                                        .exchange()
                                        .expectBody(String.class)
                                        .returnResult()
                                        .getResponseBody())
                                .subscribeOn(Schedulers.boundedElastic()),
                        100)
                .collectList()
                .block(PATIENCE);

        assertThat(CALLS.get() - before).isEqualTo(1);
        assertThat(all).hasSize(100).containsOnly(all.get(0));
    }
}
