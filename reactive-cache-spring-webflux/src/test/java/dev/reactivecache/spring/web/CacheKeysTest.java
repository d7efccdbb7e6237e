package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.test.web.reactive.server.HttpHandlerConnector;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

/** What is told apart: see {@link HttpKeysFuzzTest} for all the rest. */
class CacheKeysTest extends CachedResponsesFixture {
    @ParameterizedTest
    @ValueSource(strings = {"?=page=evil", "?%70age=evil", "?utm&=page=evil", "?page=evil&page=evil", "?page"})
    void noSpellingOfAParameterGivesAnotherRequestsPage(String query) {
        WebTestClient client = client(
                responses.withOptions(HttpCacheOptions.defaults().withQueryParameters("page")),
                request -> ServerResponse.ok().bodyValue("page " + request.queryParam("page")));

        client.get().uri(URI.create("/s" + query)).exchange();

        client.get().uri("/s").exchange().expectBody(String.class).isEqualTo("page Optional.empty");
        client.get().uri("/s?page=1").exchange().expectBody(String.class).isEqualTo("page Optional[1]");
    }

    @Test
    void aForwardedPrefixDoesNotAnswerForAnotherRoute() {
        var routes = route().GET("/products/1", request -> ServerResponse.ok().bodyValue("product"))
                .GET("/1", request -> ServerResponse.ok().bodyValue("something else"))
                .build();
        var handler = WebHttpHandlerBuilder.webHandler(RouterFunctions.toWebHandler(routes))
                .filter(responses)
                .forwardedHeaderTransformer(new ForwardedHeaderTransformer())
                .build();
        WebTestClient client =
                WebTestClient.bindToServer(new HttpHandlerConnector(handler)).build();

        client.get()
                .uri("http://shop/1")
                .header("X-Forwarded-Prefix", "/products")
                .exchange()
                .expectBody(String.class)
                .isEqualTo("something else");

        client.get()
                .uri("http://shop/products/1")
                .exchange()
                .expectBody(String.class)
                .isEqualTo("product");
    }

    @Test
    void oneFieldOfTwoValuesIsNotTwoFields() {
        CacheKeys keys = new CacheKeys(HttpCacheOptions.defaults());
        var one = MockServerHttpRequest.method(HttpMethod.GET, URI.create("/s")).header("Accept", "a,b");
        var two = MockServerHttpRequest.method(HttpMethod.GET, URI.create("/s")).header("Accept", "a", "b");

        assertThat(keys.of(one.build())).isNotEqualTo(keys.of(two.build()));
    }
}
