package dev.reactivecache.spring.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.web.CachedResponses;
import dev.reactivecache.spring.web.HttpCacheOptions;
import dev.reactivecache.spring.web.StoredResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpCookie;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.WebFilterChainProxy;
import org.springframework.security.web.server.csrf.CookieServerCsrfTokenRepository;
import org.springframework.security.web.server.csrf.CsrfToken;
import org.springframework.security.web.server.csrf.ServerCsrfTokenRepository;
import org.springframework.security.web.server.csrf.WebSessionServerCsrfTokenRepository;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Forms with a CSRF token of Spring Security: each visitor gets its own, and sends it back with success. */
class CsrfPagesTest {
    private final ReactiveCache<String, StoredResponse> cache =
            CachedResponses.cache("pages").build();

    static Stream<ServerCsrfTokenRepository> repositories() {
        return Stream.of(new WebSessionServerCsrfTokenRepository(), new CookieServerCsrfTokenRepository());
    }

    private WebTestClient client(ServerCsrfTokenRepository repository) {
        SecurityWebFilterChain security = ServerHttpSecurity.http()
                .authorizeExchange(requests -> requests.anyExchange().permitAll())
                .csrf(csrf -> csrf.csrfTokenRepository(repository))
                .build();
        CachedResponses cached = CachedResponses.of(cache, "/**")
                .withOptions(HttpCacheOptions.defaults().withAllCookiesIgnored());
        var routes = route().GET("/form", CsrfPagesTest::form)
                .GET("/page", request -> ServerResponse.ok().bodyValue("for all"))
                .POST("/form", request -> ServerResponse.ok().bodyValue("accepted"))
                .build();
        return WebTestClient.bindToRouterFunction(routes)
                .webFilter(new WebFilterChainProxy(security), cached)
                .build();
    }

    private static Mono<ServerResponse> form(ServerRequest request) {
        Mono<CsrfToken> token = request.exchange().getRequiredAttribute(CsrfToken.class.getName());
        return token.flatMap(value -> ServerResponse.ok().bodyValue(value.getToken()));
    }

    private static EntityExchangeResult<String> get(WebTestClient client, String path) {
        return client.get().uri(path).exchange().expectBody(String.class).returnResult();
    }

    @ParameterizedTest
    @MethodSource("repositories")
    void eachVisitorGetsItsOwnTokenAndCanSendIt(ServerCsrfTokenRepository repository) {
        WebTestClient client = client(repository);

        EntityExchangeResult<String> one = get(client, "/form");
        EntityExchangeResult<String> other = get(client, "/form");

        assertThat(other.getResponseBody()).isNotEqualTo(one.getResponseBody());
        assertThat(cache.stats().localSize()).isZero();
        assertThat(other.getResponseHeaders().getFirst("Cache-Status")).contains("detail=csrf");
        for (EntityExchangeResult<String> visitor : Stream.of(one, other).toList()) {
            var post = client.post().uri("/form").header("X-CSRF-TOKEN", visitor.getResponseBody());
            post.header("X-XSRF-TOKEN", visitor.getResponseBody());
            visitor.getResponseCookies()
                    .values()
                    .forEach(cookies ->
                            cookies.forEach((HttpCookie cookie) -> post.cookie(cookie.getName(), cookie.getValue())));
            post.exchange().expectStatus().isOk();
        }
    }

    @Test
    void aPageWithoutATokenIsStored() {
        WebTestClient client = client(new WebSessionServerCsrfTokenRepository());

        get(client, "/page");

        assertThat(get(client, "/page").getResponseHeaders().getFirst("Cache-Status"))
                .startsWith("pages; hit");
    }
}
