package dev.reactivecache.spring.security;

import static dev.reactivecache.spring.security.SecuredApplication.CUSTOMER;
import static dev.reactivecache.spring.security.SecuredApplication.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The endpoint behind Spring Security. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            SecuredApplication.WITH_SECURITY,
            "management.endpoints.web.exposure.include=reactivecaches",
            "management.endpoint.reactivecaches.show-values=true",
            "reactive-cache.redis.enabled=false",
            "reactive-cache.caches.names.key-type=Long",
            "reactive-cache.caches.names.value-type=String",
        },
        classes = SecuredApplication.class)
class SecuredEndpointTest {
    private static final String READ = "a name for operators";

    @Autowired
    private ReactiveCache<Long, String> names;

    @LocalServerPort
    private int port;

    @BeforeEach
    void fill() {
        names.put(1L, READ).block();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /actuator/reactivecaches",
        "GET, /actuator/reactivecaches/names",
        "GET, /actuator/reactivecaches/names/1",
        "DELETE, /actuator/reactivecaches/names/1",
        "DELETE, /actuator/reactivecaches/names?all=true",
    })
    void nobodyIsToldOrObeyedButWhoHasTheRole(String method, String path) {
        assertRefused(SecuredApplication.anonymous(port), method, path, HttpStatus.UNAUTHORIZED);
        assertRefused(SecuredApplication.withPassword(port, CUSTOMER), method, path, HttpStatus.FORBIDDEN);
        assertRefused(SecuredApplication.withSession(port, CUSTOMER), method, path, HttpStatus.FORBIDDEN);

        EntityExchangeResult<String> allowed = call(SecuredApplication.withPassword(port, OPERATOR), method, path);

        assertThat(allowed.getStatus().is2xxSuccessful()).isTrue();
        if (method.equals("DELETE")) {
            assertThat(names.get(1L).block()).as("invalidated").isNull();
        } else {
            assertThat(allowed.getResponseBody()).contains("names");
        }
    }

    private void assertRefused(WebTestClient client, String method, String path, HttpStatus expected) {
        EntityExchangeResult<String> refused = call(client, method, path);

        assertThat(refused.getStatus()).isEqualTo(expected);
        assertThat(String.valueOf(refused.getResponseBody())).doesNotContain("names", READ);
        assertThat(names.get(1L).block()).as("still there").isEqualTo(READ);
    }

    private static EntityExchangeResult<String> call(WebTestClient client, String method, String path) {
        return client.method(HttpMethod.valueOf(method))
                .uri(path)
                .exchange()
                .expectBody(String.class)
                .returnResult();
    }
}
