package dev.reactivecache.spring.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.InvalidationStream;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.FluxExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.test.StepVerifier;

/** A stream of invalidations behind Spring Security. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            SecuredApplication.WITH_SECURITY,
            "reactive-cache.redis.enabled=false",
            "reactive-cache.caches.names.key-type=Long",
            "reactive-cache.caches.names.value-type=String",
        })
class SecuredStreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Configuration(proxyBeanMethods = false)
    @Import(SecuredApplication.class)
    static class Application {
        @Bean
        RouterFunction<ServerResponse> routes(ReactiveCache<Long, String> names) {
            return route().GET("/changes", InvalidationStream.of(names)).build();
        }
    }

    @Autowired
    private ReactiveCache<Long, String> names;

    @LocalServerPort
    private int port;

    @Test
    void whoMayNotSeeItIsRefusedAndToldNothing() {
        assertRefused(SecuredApplication.anonymous(port), HttpStatus.UNAUTHORIZED);
        assertRefused(SecuredApplication.withPassword(port, SecuredApplication.CUSTOMER), HttpStatus.FORBIDDEN);
    }

    private void assertRefused(WebTestClient client, HttpStatus expected) {
        FluxExchangeResult<String> refused = client.get()
                .uri("/changes")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .exchange()
                .returnResult(String.class);

        assertThat(refused.getStatus()).isEqualTo(expected);
        StepVerifier.create(
                        names.invalidate(1L).thenMany(refused.getResponseBody()).filter(SecuredStreamTest::tells))
                .expectComplete()
                .verify(PATIENCE);
    }

    private static boolean tells(String text) {
        return !text.equals("Access Denied");
    }

    @Test
    void whoMaySeesTheChange() {
        var events = SecuredApplication.withPassword(port, SecuredApplication.OPERATOR)
                .get()
                .uri("/changes")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .exchange()
                .expectStatus()
                .isOk()
                .returnResult(new ParameterizedTypeReference<ServerSentEvent<Map<String, Object>>>() {})
                .getResponseBody();

        StepVerifier.create(events)
                .assertNext(opening -> assertThat(opening.data()).isNull())
                .then(() -> names.invalidate(1L).block(PATIENCE))
                .assertNext(event -> assertThat(event.data()).containsEntry("key", 1))
                .thenCancel()
                .verify(PATIENCE);
    }
}
