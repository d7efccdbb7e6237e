package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Responses that are dropped by tags, and those that all host names share. */
class TaggedResponsesTest extends CachedResponsesFixture {
    private static void get(WebTestClient client, String uri) {
        client.get().uri(uri).exchange().expectStatus().isOk();
    }

    private int callsOf(WebTestClient client, String... uris) {
        int before = calls.get();
        for (String uri : uris) {
            get(client, uri);
        }
        return calls.get() - before;
    }

    @Test
    void aFieldOfTheResponseNamesTags() {
        WebTestClient client = client(
                responses.withOptions(HttpCacheOptions.defaults().withTagHeader("Cache-Tag")),
                request -> ServerResponse.ok()
                        .header("Cache-Tag", request.path().substring(1) + ", all  prices")
                        .bodyValue("x"));
        callsOf(client, "/a", "/b");

        cache.invalidateTag("a").block();
        assertThat(callsOf(client, "/a", "/b")).isEqualTo(1);

        cache.invalidateTag("prices").block();
        assertThat(callsOf(client, "/a", "/b")).isEqualTo(2);
    }

    @Test
    void tagsAreMadeOfTheExchangeAndItsVariables() {
        CachedResponses tagged = responses.withTags(exchange -> List.of("product:"
                + exchange.<Map<String, String>>getRequiredAttribute(RouterFunctions.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
                        .get("id")));
        var routes = RouterFunctions.route()
                .GET("/products/{id}", request -> {
                    calls.incrementAndGet();
                    return ServerResponse.ok().bodyValue("x");
                })
                .build();
        WebTestClient client =
                WebTestClient.bindToRouterFunction(routes).webFilter(tagged).build();
        callsOf(client, "/products/1", "/products/1?page=2", "/products/2");

        cache.invalidateTag("product:1").block();

        assertThat(callsOf(client, "/products/1", "/products/1?page=2", "/products/2"))
                .isEqualTo(2);
    }

    @Test
    void hostNamesShareResponsesIfTheyAreIgnored() {
        WebTestClient client = client(
                responses.withOptions(HttpCacheOptions.defaults().withHostIgnored()), CachedResponsesFixture::plain);

        assertThat(callsOf(client, "http://one/hello", "https://two:8443/hello", "http://one/other"))
                .isEqualTo(2);
        client.put().uri("http://three/hello").exchange().expectStatus().isOk();
        assertThat(callsOf(client, "http://one/hello")).isEqualTo(1);
    }

    @Test
    void outgoingCallsNeedTheHost() {
        assertThatThrownBy(() -> CachedExchanges.of(cache)
                        .withOptions(HttpCacheOptions.defaults().withHostIgnored()))
                .hasMessage("options for outgoing calls must not ignore the host");
        assertThatThrownBy(() -> HttpCacheOptions.defaults().withTagHeader(" "))
                .hasMessage("tagHeader must not be blank");
    }
}
