package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Requests that may change a resource drop what is stored of it: RFC 9111, section 4.4. */
class ChangedResourcesTest extends CachedResponsesFixture {
    private volatile ServerResponse.BodyBuilder onChange = ServerResponse.ok();

    private Mono<ServerResponse> answer(ServerRequest request) {
        boolean read = request.method().equals(HttpMethod.GET);
        return read
                ? ServerResponse.ok().bodyValue("hello " + request.headers().firstHeader("Accept-Language"))
                : onChange.build();
    }

    private final WebTestClient client = client(this::answer);

    private void change(HttpMethod method, String uri) {
        client.method(method).uri(uri).exchange().expectBody().isEmpty();
    }

    private boolean isStored(WebTestClient client, String uri, String... header) {
        int before = calls.get();
        var request = client.get().uri(uri);
        for (int i = 0; i < header.length; i += 2) {
            request.header(header[i], header[i + 1]);
        }
        request.exchange().expectStatus().isOk();
        return calls.get() == before;
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "POST", "PATCH", "DELETE", "PROPPATCH"})
    void whatIsStoredOfTheUriIsDropped(String method) {
        isStored(client, "/hello");
        isStored(client, "/hello/longer");
        isStored(client, "/hello?page=2");
        assertThat(isStored(client, "/hello")).isTrue();

        change(HttpMethod.valueOf(method), "/hello");

        assertThat(isStored(client, "/hello")).isFalse();
        assertThat(isStored(client, "/hello/longer")).isTrue();
        assertThat(isStored(client, "/hello?page=2")).isTrue();
    }

    @Test
    void aSafeMethodDropsNothing() {
        isStored(client, "/hello");

        change(HttpMethod.OPTIONS, "/hello");

        assertThat(isStored(client, "/hello")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 409, 500})
    void anErrorHasChangedNothing(int status) {
        isStored(client, "/hello");
        onChange = ServerResponse.status(status);

        change(HttpMethod.PUT, "/hello");

        assertThat(isStored(client, "/hello")).isTrue();
    }

    @Test
    void whatTheAnswerNamesOnTheSameServerIsDroppedToo() {
        isStored(client, "/hello/1");
        isStored(client, "/hello/2");
        isStored(client, "/hello/3");
        onChange = ServerResponse.status(HttpStatus.CREATED)
                .header("Location", "/hello/1")
                .header("Content-Location", "http://elsewhere/hello/2");

        change(HttpMethod.POST, "/hello");

        assertThat(isStored(client, "/hello/1")).isFalse();
        assertThat(isStored(client, "/hello/2")).isTrue();
        assertThat(isStored(client, "/hello/3")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/hello/a~1",
                "/hello/%61%7e1",
                "/hello/x/../a~1",
                "a~1",
                "./a~1",
                "/hello/a~1#top",
                " /hello/a~1 "
            })
    void whatTheAnswerNamesIsDroppedHoweverItIsSpelt(String location) {
        isStored(client, "/hello/a~1");
        onChange = ServerResponse.status(HttpStatus.CREATED).header("Content-Location", location);

        change(HttpMethod.POST, "/hello/b");

        assertThat(isStored(client, "/hello/a~1")).isFalse();
    }

    @Test
    void aQueryAloneIsOfTheSamePath() {
        isStored(client, "/hello/b?page=2");
        onChange = ServerResponse.ok().header("Content-Location", "?page=2");

        change(HttpMethod.POST, "/hello/b");

        assertThat(isStored(client, "/hello/b?page=2")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "http://there/a, HTTP://There:80/a, true",
        "https://there/a, https://there:443/a, true",
        "https://there/a, https://user@there/a, true",
        "http://there, http://there/, true",
        "http://there/a, https://there/a, false",
        "http://there/a, http://there:8080/a, false",
        "http://there/a, http://there.evil/a, false",
        "http://there/a, http://there/A, false",
        "http://there/a%2fb, http://there/a%2Fb, true",
        "http://there/a%2fb, http://there/a/b, false",
        "http://there/a?b=%7e, http://there/a?b=~, true",
        "http://there/a?b=%26, http://there/a?b=&, false",
        "/a/%2e%2e/b, /b, true"
    })
    void oneResourceHasOneTag(URI one, URI other, boolean same) {
        CacheKeys keys = new CacheKeys(HttpCacheOptions.defaults());

        assertThat(keys.tag(one).equals(keys.tag(other))).isEqualTo(same);
    }

    @Test
    void allVariantsAreDropped() {
        WebTestClient varying = client(
                responses.withOptions(HttpCacheOptions.defaults()
                        .withLifetime(Duration.ofMinutes(1))
                        .withVaryBy("Accept-Language")),
                this::answer);
        for (String language : Set.of("de", "fr")) {
            isStored(varying, "/hello", "Accept-Language", language);
            assertThat(isStored(varying, "/hello", "Accept-Language", language)).isTrue();
        }

        varying.put().uri("/hello").exchange().expectStatus().isOk();

        assertThat(isStored(varying, "/hello", "Accept-Language", "de")).isFalse();
        assertThat(isStored(varying, "/hello", "Accept-Language", "fr")).isFalse();
    }

    @Test
    void aCacheThatIsClosedFailsNoChange() {
        cache.close().block();

        client.put().uri("/hello").exchange().expectStatus().isOk();
    }

    @Test
    void callsThatGoOutDropWhatIsStoredOfTheirs() {
        WebClient outgoing = WebClient.builder()
                .filter(CachedExchanges.of(cache).withPlainConnector())
                .exchangeFunction(SentCalls.to(request -> {
                    calls.incrementAndGet();
                    return Mono.just(ClientResponse.create(HttpStatus.OK)
                            .header("Cache-Control", "max-age=60")
                            .body("hello")
                            .build());
                }))
                .build();
        outgoing.get()
                .uri("http://there/hello")
                .retrieve()
                .bodyToMono(String.class)
                .block();
        outgoing.get()
                .uri("http://there/hello")
                .retrieve()
                .bodyToMono(String.class)
                .block();
        assertThat(calls).hasValue(1);

        outgoing.put()
                .uri("http://there/hello")
                .retrieve()
                .bodyToMono(String.class)
                .block();
        outgoing.get()
                .uri("http://there/hello")
                .retrieve()
                .bodyToMono(String.class)
                .block();

        assertThat(calls).hasValue(3);
    }
}
