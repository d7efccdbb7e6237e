package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;

/** What never gets into the cache, and whom it does not answer. */
class NeverStoredResponsesTest extends CachedResponsesFixture {
    static Stream<Endpoint> neverStored() {
        return Stream.of(
                request -> ServerResponse.ok()
                        .cookie(ResponseCookie.from("a", "b").build())
                        .bodyValue("x"),
                request -> ServerResponse.ok().header("Set-Cookie", "a=b").bodyValue("x"),
                request ->
                        ServerResponse.ok().header("Cache-Control", "private").bodyValue("x"),
                request -> ServerResponse.ok()
                        .header("Cache-Control", "max-age=60, Private=\"a, b\"")
                        .bodyValue("x"),
                request ->
                        ServerResponse.ok().header("Cache-Control", "no-store").bodyValue("x"),
                request -> ServerResponse.ok()
                        .header("Cache-Control", "no-cache, max-age=60")
                        .bodyValue("x"),
                request ->
                        ServerResponse.ok().header("Cache-Control", "max-age=0").bodyValue("x"),
                request -> ServerResponse.ok()
                        .header("Cache-Control", "s-maxage=0, max-age=60")
                        .bodyValue("x"),
                request -> ServerResponse.ok()
                        .header("Cache-Control", "max-age=soon")
                        .bodyValue("x"),
                request -> ServerResponse.ok()
                        .header("Cache-Control", "max-age=60")
                        .header("Age", "60")
                        .bodyValue("x"),
                request -> ServerResponse.ok().header("Expires", "0").bodyValue("x"),
                request -> ServerResponse.ok().header("Vary", "*").bodyValue("x"),
                request -> ServerResponse.ok().header("Vary", "Accept, Cookie").bodyValue("x"),
                request -> ServerResponse.ok().header("Vary", "authorization").bodyValue("x"),
                request -> ServerResponse.ok()
                        .header("Vary", "Proxy-Authorization")
                        .bodyValue("x"),
                request -> ServerResponse.ok()
                        .header("Cache-Control", "max-age=60, max-age=0")
                        .bodyValue("x"),
                request -> ServerResponse.ok().header("Age", "broken").bodyValue("x"),
                request -> ServerResponse.ok()
                        .header("Cache-Control", "no-cache")
                        .eTag("v1")
                        .bodyValue("x"),
                request -> ServerResponse.notFound().build(),
                request -> ServerResponse.status(500).bodyValue("x"),
                request -> ServerResponse.status(206).bodyValue("x"),
                request -> ServerResponse.ok().bodyValue("x".repeat(1_001)),
                request -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_NDJSON)
                        .body(Flux.just("a", "b"), String.class),
                request -> ServerResponse.ok()
                        .body(BodyInserters.fromServerSentEvents(
                                Flux.just(ServerSentEvent.builder("x").build()))));
    }

    @ParameterizedTest
    @MethodSource("neverStored")
    void whatMustNotBeStoredIsHandedOnUntouched(Endpoint endpoint) {
        WebTestClient bare = WebTestClient.bindToRouterFunction(route(request -> true, endpoint::answer))
                .build();
        WebTestClient client =
                client(responses.withOptions(HttpCacheOptions.defaults().withMaximumBody(1_000)), endpoint);

        EntityExchangeResult<String> expected = get(bare);
        get(client);
        EntityExchangeResult<String> second = get(client);

        assertThat(calls).hasValue(2);
        assertThat(cache.stats().localSize()).isZero();
        assertThat(second.getStatus()).isEqualTo(expected.getStatus());
        assertThat(second.getResponseBody()).isEqualTo(expected.getResponseBody());
        assertThat(second.getResponseCookies()).isEqualTo(expected.getResponseCookies());
        expected.getResponseHeaders()
                .forEach((name, values) ->
                        assertThat(second.getResponseHeaders().get(name)).isEqualTo(values));
    }

    @ParameterizedTest
    @MethodSource("personalRequests")
    void requestsOfSomebodyAreNeitherStoredNorAnswered(List<String> header) {
        WebTestClient client = client(
                responses.withOptions(HttpCacheOptions.defaults().withCredentials("X-Api-Key")),
                CachedResponsesFixture::plain);

        get(client);
        EntityExchangeResult<String> personal = get(client, header.get(0), header.get(1));

        assertThat(calls).hasValue(2);
        assertThat(status(personal)).startsWith("http; fwd=bypass");
    }

    static Stream<List<String>> personalRequests() {
        return Stream.of(
                List.of("Authorization", "Basic x"),
                List.of("Cookie", "session=1"),
                List.of("X-Api-Key", "1"),
                List.of("If-Match", "*"),
                List.of("Cache-Control", "no-store"));
    }

    @Test
    void cookiesThatAreSetAreSharedOnlyWhereThatIsAskedFor() {
        Endpoint setting = request -> ServerResponse.ok()
                .header("Set-Cookie", "a=b")
                .cookie(ResponseCookie.from("c", "d").build())
                .bodyValue("x");
        WebTestClient sharing =
                client(responses.withOptions(HttpCacheOptions.defaults().withSharedSetCookie()), setting);
        get(sharing);

        assertThat(get(sharing).getResponseHeaders().get("Set-Cookie")).containsExactlyInAnyOrder("a=b", "c=d");
        assertThat(calls).hasValue(1);

        EntityExchangeResult<String> other = get(client(CachedResponsesFixture::plain));
        assertThat(other.getResponseBody())
                .as("of a filter that does not share")
                .isEqualTo("hello");
        assertThat(other.getResponseHeaders().containsHeader("Set-Cookie")).isFalse();
    }

    @Test
    void ignoredCookiesDoNotMatter() {
        WebTestClient client = client(
                responses.withOptions(HttpCacheOptions.defaults().withIgnoredCookies("_ga")),
                CachedResponsesFixture::plain);

        get(client);
        var request = client.get().uri("/hello").cookie("_ga", "1");
        assertThat(status(request.exchange().expectBody(String.class).returnResult()))
                .contains("hit");

        request = client.get().uri("/hello").cookie("_ga", "1").cookie("session", "2");
        assertThat(status(request.exchange().expectBody(String.class).returnResult()))
                .contains("bypass");
    }

    @Test
    void authorizedRequestsShareOnlyWhatSaysSo() {
        CachedResponses authorized =
                responses.withOptions(HttpCacheOptions.defaults().withAuthorizedRequests());
        WebTestClient silent = client(authorized, CachedResponsesFixture::plain);
        get(silent, "Authorization", "Basic x");
        get(silent, "Authorization", "Basic x");
        assertThat(calls).as("silent").hasValue(2);

        WebTestClient open = client(
                authorized,
                request -> ServerResponse.ok().header("Cache-Control", "public").bodyValue("x"));
        get(open, "Authorization", "Basic x");
        get(open, "Authorization", "Basic y");
        assertThat(calls).as("public").hasValue(3);
    }

    @Test
    void otherMethodsGoThrough() {
        WebTestClient client = client(CachedResponsesFixture::plain);

        client.post()
                .uri("/hello")
                .exchange()
                .expectHeader()
                .valueEquals("Cache-Status", "http; fwd=method; detail=method");
        client.post().uri("/hello").exchange().expectStatus().isOk();

        assertThat(calls).hasValue(2);
    }
}
