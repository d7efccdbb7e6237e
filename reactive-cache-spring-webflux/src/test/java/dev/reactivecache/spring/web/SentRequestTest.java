package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.ReactiveCache;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import tools.jackson.databind.JsonNode;

/** Responses of a real server, judged by the request that it got: not by the one that the cache was given. */
class SentRequestTest {
    private static final List<String> REQUESTS = new CopyOnWriteArrayList<>();
    private static DisposableServer server;

    private final ReactiveCache<String, StoredResponse> cache =
            CachedResponses.cache("calls").build();

    @BeforeAll
    static void start() {
        server = HttpServer.create()
                .route(routes -> routes.get("/moved", (request, response) -> {
                            REQUESTS.add("/moved");
                            return response.sendRedirect("/page");
                        })
                        .get("/large", (request, response) -> {
                            REQUESTS.add("/large");
                            return response.header("Cache-Control", "max-age=60")
                                    .header("Content-Type", "text/plain")
                                    .sendString(Mono.just("x".repeat(500_000)));
                        })
                        .get(
                                "/broken",
                                (request, response) -> response.header("Cache-Control", "max-age=60")
                                        .header("Content-Type", "application/json")
                                        .sendString(Mono.just("{")))
                        .get("/**", (request, response) -> {
                            REQUESTS.add(request.uri());
                            return response.header("Cache-Control", "max-age=60")
                                    .header("Content-Type", "text/plain")
                                    .sendString(Mono.just("for " + who(request)));
                        }))
                .bindNow();
    }

    private static String who(HttpServerRequest request) {
        return request.requestHeaders().get("Authorization", "nobody")
                + request.cookies().keySet()
                + request.requestHeaders().get("Accept-Language", "");
    }

    @AfterAll
    static void stop() {
        server.disposeNow();
    }

    private static String uri(String path) {
        return "http://localhost:" + server.port() + path;
    }

    private WebClient.Builder builder() {
        return WebClient.builder().filter(CachedExchanges.of(cache));
    }

    private static ExchangeFilterFunction changing(UnaryOperator<ClientRequest.Builder> change) {
        return (request, next) ->
                next.exchange(change.apply(ClientRequest.from(request)).build());
    }

    private static WebClient.Builder connected(WebClient.Builder builder, HttpClient client) {
        return builder.clientConnector(new ReactorClientHttpConnector(client));
    }

    private static String get(WebClient client, String path) {
        return client.get().uri(uri(path)).retrieve().bodyToMono(String.class).block();
    }

    private static ResponseEntity<String> entity(WebClient client, String path) {
        return client.get().uri(uri(path)).retrieve().toEntity(String.class).block();
    }

    @Test
    void aPlainCallIsStored() {
        WebClient client = builder().build();

        get(client, "/page");
        ResponseEntity<String> second = entity(client, "/page");

        assertThat(second.getHeaders().getFirst("Cache-Status")).startsWith("calls; hit");
        assertThat(second.getBody()).isEqualTo("for nobody[]");
    }

    /** How a request comes to say more than what the cache was given. */
    private record Addition(String name, String detail, UnaryOperator<WebClient.Builder> add) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Addition> additions() {
        return Stream.of(
                new Addition(
                        "a later filter's credentials",
                        "credentials",
                        builder -> builder.filter(changing(request -> request.header("Authorization", "Bearer ann")))),
                new Addition(
                        "a later filter's cookie",
                        "cookies",
                        builder -> builder.filter(changing(request -> request.cookie("session", "ann")))),
                new Addition(
                        "a later filter's language",
                        "changed-request",
                        builder -> builder.filter(changing(request -> request.header("Accept", "text/plain")))),
                new Addition(
                        "a later filter's URI",
                        "changed-request",
                        builder -> builder.filter(changing(request -> request.url(URI.create(uri("/page?user=ann")))))),
                new Addition(
                        "credentials of the HttpClient",
                        "credentials",
                        builder -> connected(
                                builder, HttpClient.create().headers(all -> all.set("Authorization", "Basic ann")))),
                new Addition(
                        "credentials when the request is prepared",
                        "credentials",
                        builder -> connected(
                                builder,
                                HttpClient.create()
                                        .doOnRequest((request, connection) ->
                                                request.header("Authorization", "Basic ann")))),
                new Addition(
                        "a cookie of the HttpClient",
                        "cookies",
                        builder -> connected(builder, HttpClient.create().cookie(new DefaultCookie("session", "ann")))),
                new Addition(
                        "a field of the key that the HttpClient sets",
                        "changed-request",
                        builder -> connected(
                                builder, HttpClient.create().headers(all -> all.set("Accept", "text/plain")))),
                new Addition(
                        "another request of a later filter",
                        "unknown-request",
                        builder -> builder.filter(
                                (request, next) -> next.exchange(ClientRequest.create(HttpMethod.GET, request.url())
                                        .header("Authorization", "Bearer ann")
                                        .build()))),
                new Addition(
                        "a connector that shows nothing",
                        "unknown-connector",
                        builder -> builder.clientConnector(new JdkClientHttpConnector())));
    }

    @ParameterizedTest
    @MethodSource("additions")
    void whatWasAskedForOtherwiseIsHandedOverAndNotStored(Addition addition) {
        WebClient client = addition.add().apply(builder()).build();

        get(client, "/page");
        ResponseEntity<String> second = entity(client, "/page");

        assertThat(second.getHeaders().getFirst("Cache-Status"))
                .isEqualTo("calls; fwd=uri-miss; detail=" + addition.detail());
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void aRedirectThatTheConnectorFollowsIsNotStored() {
        WebClient client =
                connected(builder(), HttpClient.create().followRedirect(true)).build();

        assertThat(get(client, "/moved")).isEqualTo("for nobody[]");
        assertThat(entity(client, "/moved").getHeaders().getFirst("Cache-Status"))
                .isEqualTo("calls; fwd=uri-miss; detail=redirected");
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void whatTheConnectorAddsByItselfDoesNotMatter() {
        CachedExchanges varying = CachedExchanges.of(cache)
                .withOptions(HttpCacheOptions.defaults().withVaryBy("Accept", "Accept-Encoding", "User-Agent"));
        WebClient client = connected(
                        WebClient.builder().filter(varying), HttpClient.create().compress(true))
                .build();

        get(client, "/page");

        assertThat(entity(client, "/page").getHeaders().getFirst("Cache-Status"))
                .startsWith("calls; hit");
    }

    @Test
    void aPromiseStandsInForAnotherConnector() {
        WebClient client = WebClient.builder()
                .clientConnector(new JdkClientHttpConnector())
                .filter(CachedExchanges.of(cache).withPlainConnector())
                .build();

        get(client, "/page");

        assertThat(entity(client, "/page").getHeaders().getFirst("Cache-Status"))
                .startsWith("calls; hit");
    }

    @Test
    void callsWithBodiesGoPastTheCache() {
        WebClient client = builder().build();

        for (String body : List.of("one", "two")) {
            ResponseEntity<String> response = client.method(HttpMethod.GET)
                    .uri(uri("/page"))
                    .bodyValue(body)
                    .retrieve()
                    .toEntity(String.class)
                    .block();
            assertThat(response.getHeaders().containsHeader("Cache-Status")).isFalse();
        }

        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void aUserInTheUriIsACredential() {
        WebClient client = builder().build();

        client.get()
                .uri(URI.create(uri("/page").replace("//", "//ann:secret@")))
                .retrieve()
                .bodyToMono(String.class)
                .block();

        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void storedBodiesAreReadWithTheClientsOwnCodecs() {
        WebClient client = builder()
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(2_000_000))
                .build();

        assertThat(get(client, "/large")).hasSize(500_000);
        assertThat(get(client, "/large")).hasSize(500_000);
        assertThat(REQUESTS).containsOnlyOnce("/large");
    }

    @Test
    void aBodyInMemoryIsReadBeforeAnyCodecsAreKnown() {
        get(
                builder()
                        .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(-1))
                        .build(),
                "/large");

        assertThat(get(builder().build(), "/large")).hasSize(500_000);
    }

    @Test
    void errorsNameTheRequest() {
        WebClient client = builder().build();

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> client.get()
                            .uri(uri("/broken"))
                            .retrieve()
                            .bodyToMono(JsonNode.class)
                            .block())
                    .satisfies(error -> assertThat(trace(error)).contains(uri("/broken")));
        }
    }

    private static String trace(Throwable error) {
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
