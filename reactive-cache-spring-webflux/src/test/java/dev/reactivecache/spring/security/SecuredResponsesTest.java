package dev.reactivecache.spring.security;

import static dev.reactivecache.spring.security.SecuredApplication.CUSTOMER;
import static dev.reactivecache.spring.security.SecuredApplication.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.web.CachedResponses;
import dev.reactivecache.spring.web.HttpCacheOptions;
import dev.reactivecache.spring.web.StoredResponse;
import java.security.Principal;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Cached responses behind Spring Security: what is made for one user reaches no other, although its handler does not
 * say so.
 */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {SecuredApplication.WITH_SECURITY, "reactive-cache.redis.enabled=false"})
class SecuredResponsesTest {
    @Configuration(proxyBeanMethods = false)
    @Import(SecuredApplication.class)
    static class Application {
        @Bean
        ReactiveCache<String, StoredResponse> responses() {
            return CachedResponses.cache("responses").build();
        }

        /** Cookies are ignored, so that nothing but the principal tells a session. */
        @Bean
        CachedResponses personal(ReactiveCache<String, StoredResponse> responses) {
            return CachedResponses.of(responses, "/open/**", "/closed/mine")
                    .withOptions(HttpCacheOptions.defaults().withAllCookiesIgnored());
        }

        @Bean
        CachedResponses shared(ReactiveCache<String, StoredResponse> responses) {
            return CachedResponses.of(responses, "/closed/shared")
                    .withOptions(
                            HttpCacheOptions.defaults().withAllCookiesIgnored().withAuthorizedRequests());
        }

        @Bean
        RouterFunction<ServerResponse> routes() {
            return route().GET("/open/page", request -> page(request, CacheControl.maxAge(Duration.ofMinutes(1))))
                    .GET("/closed/mine", request -> page(request, CacheControl.maxAge(Duration.ofMinutes(1))))
                    .GET(
                            "/closed/shared",
                            request -> page(
                                    request,
                                    CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic()))
                    .build();
        }

        private static Mono<ServerResponse> page(ServerRequest request, CacheControl cacheControl) {
            return request.principal()
                    .map(Principal::getName)
                    .defaultIfEmpty("nobody")
                    .flatMap(name ->
                            ServerResponse.ok().cacheControl(cacheControl).bodyValue("made for " + name));
        }
    }

    @Autowired
    private ReactiveCache<String, StoredResponse> responses;

    @LocalServerPort
    private int port;

    static Stream<BiFunction<Integer, String, WebTestClient>> waysToLogIn() {
        return Stream.of(SecuredApplication::withPassword, SecuredApplication::withSession);
    }

    @BeforeEach
    void clear() {
        responses.clear().block();
    }

    @ParameterizedTest
    @MethodSource("waysToLogIn")
    void whatSomebodyGotIsNeitherStoredNorServedToOthers(BiFunction<Integer, String, WebTestClient> login) {
        assertThat(page(login.apply(port, CUSTOMER), "/open/page")).isEqualTo("made for customer");
        assertThat(responses.stats().localSize()).isZero();

        assertThat(page(SecuredApplication.anonymous(port), "/open/page")).isEqualTo("made for nobody");
        assertThat(page(login.apply(port, OPERATOR), "/open/page")).isEqualTo("made for operator");
    }

    @ParameterizedTest
    @MethodSource("waysToLogIn")
    void whatNobodyGotIsServedToNobodyElseButAnonymousCallers(BiFunction<Integer, String, WebTestClient> login) {
        page(SecuredApplication.anonymous(port), "/open/page");

        assertThat(page(login.apply(port, CUSTOMER), "/open/page")).isEqualTo("made for customer");
        EntityExchangeResult<String> again = get(SecuredApplication.anonymous(port), "/open/page");
        assertThat(again.getResponseBody()).isEqualTo("made for nobody");
        assertThat(again.getResponseHeaders().getFirst("Cache-Status")).startsWith("responses; hit");
    }

    @ParameterizedTest
    @MethodSource("waysToLogIn")
    void whatIsSharedAmongThoseWhoLogInIsNotServedToWhoDoesNot(BiFunction<Integer, String, WebTestClient> login) {
        assertThat(page(login.apply(port, CUSTOMER), "/closed/shared")).isEqualTo("made for customer");
        assertThat(page(login.apply(port, OPERATOR), "/closed/shared"))
                .as("public, and with the option: shared")
                .isEqualTo("made for customer");

        assertThat(get(SecuredApplication.anonymous(port), "/closed/shared").getStatus())
                .isEqualTo(HttpStatus.UNAUTHORIZED);
    }

    @Test
    void refusalIsNotStored() {
        assertThat(get(SecuredApplication.anonymous(port), "/closed/mine").getStatus())
                .isEqualTo(HttpStatus.UNAUTHORIZED);

        assertThat(page(SecuredApplication.withPassword(port, CUSTOMER), "/closed/mine"))
                .isEqualTo("made for customer");
        assertThat(page(SecuredApplication.withSession(port, OPERATOR), "/closed/mine"))
                .isEqualTo("made for operator");
    }

    private static String page(WebTestClient client, String path) {
        EntityExchangeResult<String> result = get(client, path);
        assertThat(result.getStatus()).isEqualTo(HttpStatus.OK);
        return result.getResponseBody();
    }

    private static EntityExchangeResult<String> get(WebTestClient client, String path) {
        return client.get().uri(path).exchange().expectBody(String.class).returnResult();
    }
}
