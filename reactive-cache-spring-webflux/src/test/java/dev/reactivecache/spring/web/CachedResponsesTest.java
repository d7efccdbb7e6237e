package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.web.HttpCacheOptions.RequestDirectives;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilterChain;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What is answered from the cache, and what never gets into it. */
class CachedResponsesTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, StoredResponse> cache =
            CachedResponses.cache("http").timer(timer).jitter(0).build();
    private final CachedResponses responses = CachedResponses.of(cache, "/**");
    private final AtomicInteger calls = new AtomicInteger();

    /** Answers a request, and may look at it. */
    private interface Endpoint {
        Mono<ServerResponse> answer(ServerRequest request);
    }

    private static Mono<ServerResponse> plain(ServerRequest request) {
        return ServerResponse.ok().bodyValue("hello");
    }

    private WebTestClient client(Endpoint endpoint) {
        return client(responses, endpoint);
    }

    private WebTestClient client(CachedResponses filter, Endpoint endpoint) {
        var routes = route(request -> true, request -> {
            calls.incrementAndGet();
            return endpoint.answer(request);
        });
        return WebTestClient.bindToRouterFunction(routes).webFilter(filter).build();
    }

    private static EntityExchangeResult<String> get(WebTestClient client, String... header) {
        var request = client.get().uri("/hello");
        for (int i = 0; i < header.length; i += 2) {
            request.header(header[i], header[i + 1]);
        }
        return request.exchange().expectBody(String.class).returnResult();
    }

    private static String status(EntityExchangeResult<?> result) {
        return result.getResponseHeaders().getFirst("Cache-Status");
    }

    @Test
    void aStoredResponseAnswersWithItsAge() {
        WebTestClient client = client(CachedResponsesTest::plain);

        EntityExchangeResult<String> first = get(client);
        timer.advanceTimeBy(Duration.ofSeconds(7));
        EntityExchangeResult<String> second = get(client);

        assertThat(calls).hasValue(1);
        assertThat(second.getResponseBody()).isEqualTo("hello").isEqualTo(first.getResponseBody());
        assertThat(second.getResponseHeaders().getContentType())
                .isEqualTo(first.getResponseHeaders().getContentType());
        assertThat(second.getResponseHeaders().getFirst("Age")).isEqualTo("7");
        assertThat(first.getResponseHeaders().containsHeader("Age")).isFalse();
        assertThat(status(first)).isEqualTo("http; fwd=uri-miss; stored; ttl=60");
        assertThat(status(second)).isEqualTo("http; hit; ttl=53");
    }

    @Test
    void annotatedEndpointsAreCached() {
        @RestController
        class Controller {
            @GetMapping("/hello")
            ResponseEntity<String> hello(@RequestParam(defaultValue = "world") String name) {
                calls.incrementAndGet();
                return ResponseEntity.ok().eTag("one").body("hello " + name);
            }
        }
        WebTestClient client = WebTestClient.bindToController(new Controller())
                .webFilter(responses)
                .build();

        get(client, "If-None-Match", "\"one\"");
        EntityExchangeResult<String> stored = get(client);
        EntityExchangeResult<String> unchanged = get(client, "If-None-Match", "\"one\"");

        assertThat(calls).as("a conditional request makes a whole response").hasValue(1);
        assertThat(stored.getResponseBody()).isEqualTo("hello world");
        assertThat(unchanged.getStatus()).isEqualTo(HttpStatus.NOT_MODIFIED);
        assertThat(unchanged.getResponseBody()).isNull();
    }

    @Test
    void aHundredConcurrentRequestsAreOneCall() {
        Sinks.One<String> reply = Sinks.one();
        WebTestClient client = client(request -> ServerResponse.ok().body(reply.asMono(), String.class));
        var exchanges = IntStream.range(0, 100).mapToObj(i -> exchange()).toList();
        WebFilterChain chain = chain(reply.asMono());

        exchanges.forEach(each -> responses.filter(each, chain).subscribe());
        assertThat(calls).as("while all wait").hasValue(1);
        reply.tryEmitValue("hello").orThrow();

        assertThat(exchanges)
                .allSatisfy(each -> StepVerifier.create(each.getResponse().getBodyAsString())
                        .expectNext("hello")
                        .verifyComplete());
        assertThat(get(client).getResponseHeaders()).isNotNull();
        assertThat(exchanges.get(99).getResponse().getHeaders().getFirst("Cache-Status"))
                .contains("collapsed");
    }

    private static MockServerWebExchange exchange() {
        return MockServerWebExchange.from(MockServerHttpRequest.get("/slow"));
    }

    private WebFilterChain chain(Mono<String> body) {
        return exchange -> {
            calls.incrementAndGet();
            var response = exchange.getResponse();
            return response.writeWith(
                    body.map(text -> response.bufferFactory().wrap(text.getBytes(StandardCharsets.UTF_8))));
        };
    }

    @Test
    void aClientThatLeavesHarmsNobodyAndTheLastOneStopsTheHandler() {
        Sinks.One<String> reply = Sinks.one();
        AtomicInteger cancelled = new AtomicInteger();
        WebFilterChain chain = chain(reply.asMono().doOnCancel(cancelled::incrementAndGet));
        MockServerWebExchange second = exchange();

        Disposable leader = responses.filter(exchange(), chain).subscribe();
        responses.filter(second, chain).subscribe();
        leader.dispose();
        assertThat(cancelled).as("one is left").hasValue(0);
        reply.tryEmitValue("hello").orThrow();
        StepVerifier.create(second.getResponse().getBodyAsString())
                .expectNext("hello")
                .verifyComplete();

        cache.invalidate("unused").block();
        WebFilterChain never = chain(Mono.<String>never().doOnCancel(cancelled::incrementAndGet));
        MockServerWebExchange other = MockServerWebExchange.from(MockServerHttpRequest.get("/other"));
        responses.filter(other, never).subscribe().dispose();
        assertThat(cancelled).as("nobody is left").hasValue(1);
    }

    @Test
    void theHandlersErrorReachesAllWhoWait() {
        Sinks.One<String> reply = Sinks.one();
        WebFilterChain chain = chain(reply.asMono());
        List<Throwable> failures = new CopyOnWriteArrayList<>();

        for (int i = 0; i < 3; i++) {
            responses.filter(exchange(), chain).subscribe(null, failures::add);
        }
        reply.tryEmitError(new IllegalStateException("down")).orThrow();

        assertThat(failures)
                .hasSize(3)
                .allSatisfy(failure -> assertThat(failure).hasMessage("down"));
    }

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
                request -> ServerResponse.ok().header("Vary", "Accept-Language").bodyValue("x"),
                request -> ServerResponse.notFound().build(),
                request -> ServerResponse.status(500).bodyValue("x"),
                request -> ServerResponse.status(206).bodyValue("x"),
                request -> ServerResponse.ok()
                        .header("Content-Range", "bytes 0-0/1")
                        .bodyValue("x"),
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
                CachedResponsesTest::plain);

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
                List.of("Range", "bytes=0-1"),
                List.of("Cache-Control", "no-store"));
    }

    @Test
    void ignoredCookiesDoNotMatter() {
        WebTestClient client = client(
                responses.withOptions(HttpCacheOptions.defaults().withIgnoredCookies("_ga")),
                CachedResponsesTest::plain);

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
        WebTestClient silent = client(authorized, CachedResponsesTest::plain);
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
        WebTestClient client = client(CachedResponsesTest::plain);

        client.post()
                .uri("/hello")
                .exchange()
                .expectHeader()
                .valueEquals("Cache-Status", "http; fwd=method; detail=method");
        client.post().uri("/hello").exchange().expectStatus().isOk();

        assertThat(calls).hasValue(2);
    }

    @Test
    void entityTagIsStrongAndAnswered() {
        WebTestClient client = client(CachedResponsesTest::plain);
        String tag = get(client).getResponseHeaders().getETag();

        EntityExchangeResult<String> unchanged = get(client, "If-None-Match", "\"other\", " + tag);
        EntityExchangeResult<String> changed = get(client, "If-None-Match", "\"other\"");

        assertThat(tag).matches("\"[A-Za-z0-9_-]{27}\"");
        assertThat(unchanged.getStatus()).isEqualTo(HttpStatus.NOT_MODIFIED);
        assertThat(unchanged.getResponseBody()).isNull();
        assertThat(unchanged.getResponseHeaders().getETag()).isEqualTo(tag);
        assertThat(changed.getResponseBody()).isEqualTo("hello");
    }

    @Test
    void handlersSeeNoConditions() {
        WebTestClient client =
                client(request -> request.headers().header("If-None-Match").isEmpty()
                        ? ServerResponse.ok().eTag("one").bodyValue("hello")
                        : ServerResponse.status(HttpStatus.NOT_MODIFIED).build());

        EntityExchangeResult<String> conditional = get(client, "If-None-Match", "\"one\"");

        assertThat(conditional.getStatus()).isEqualTo(HttpStatus.NOT_MODIFIED);
        assertThat(get(client).getResponseBody()).isEqualTo("hello");
        assertThat(calls).hasValue(1);
    }

    @Test
    void headIsAnsweredFromWhatGetHasStored() {
        WebTestClient client = client(CachedResponsesTest::plain);

        client.head().uri("/hello").exchange().expectStatus().isOk();
        assertThat(calls).as("nothing is stored").hasValue(1);
        get(client);
        client.head()
                .uri("/hello")
                .exchange()
                .expectHeader()
                .contentLength(5)
                .expectBody()
                .isEmpty();

        assertThat(calls).hasValue(2);
    }

    @Test
    void selectedHeadersAndTheQueryArePartOfTheKey() {
        WebTestClient client = client(CachedResponsesTest::plain);

        get(client, "Accept", "text/plain");
        EntityExchangeResult<String> other = get(client, "Accept", "application/json");
        client.get().uri("/hello?page=2").header("Accept", "text/plain").exchange();
        client.get()
                .uri("http://elsewhere/hello")
                .header("Accept", "text/plain")
                .exchange();

        assertThat(calls).hasValue(4);
        assertThat(other.getResponseHeaders().getVary()).containsExactly("Accept");
    }

    @Test
    void parametersThatDoNotMatterAreNotPartOfTheKey() {
        WebTestClient client = client(
                responses.withOptions(HttpCacheOptions.defaults().withQueryParameters("page")),
                CachedResponsesTest::plain);

        client.get().uri("/hello?page=1&utm=a").exchange();
        client.get().uri("/hello?utm=b&page=1").exchange();
        assertThat(calls).hasValue(1);
        client.get().uri(java.net.URI.create("/hello?%70age=2")).exchange();
        assertThat(calls).as("another spelling of the name").hasValue(2);
    }

    @Test
    void aResponseThatIsNoLongerFreshIsMadeAnew() {
        WebTestClient client = client(request ->
                ServerResponse.ok().header("Cache-Control", "max-age=10").bodyValue("x" + calls));

        get(client);
        timer.advanceTimeBy(Duration.ofSeconds(10));
        EntityExchangeResult<String> second = get(client);
        EntityExchangeResult<String> third = get(client);

        assertThat(second.getResponseBody()).isEqualTo("x2");
        assertThat(status(second)).contains("fwd=stale");
        assertThat(third.getResponseBody()).isEqualTo("x2");
        assertThat(status(third)).isEqualTo("http; hit; ttl=10");
    }

    @Test
    void allWhoFindAResponseStaleMakeOneCall() {
        Sinks.One<String> reply = Sinks.one();
        WebFilterChain chain = chain(Mono.defer(() -> calls.get() == 1 ? Mono.just("old") : reply.asMono()));
        responses.filter(exchange(), chain).block();
        timer.advanceTimeBy(Duration.ofMinutes(1));

        var waiting = IntStream.range(0, 20).mapToObj(i -> exchange()).toList();
        waiting.forEach(each -> responses.filter(each, chain).subscribe());
        reply.tryEmitValue("new").orThrow();

        assertThat(calls).hasValue(2);
        assertThat(waiting)
                .allSatisfy(each -> StepVerifier.create(each.getResponse().getBodyAsString())
                        .expectNext("new")
                        .verifyComplete());
    }

    @Test
    void directivesOfRequestsAreIgnoredUnlessHonoured() {
        WebTestClient ignoring = client(CachedResponsesTest::plain);
        get(ignoring);
        assertThat(status(get(ignoring, "Cache-Control", "no-cache"))).contains("hit");

        WebTestClient honouring = client(
                responses.withOptions(HttpCacheOptions.defaults().withRequestDirectives(RequestDirectives.HONOUR)),
                CachedResponsesTest::plain);
        assertThat(status(get(honouring, "Cache-Control", "max-age=5"))).contains("hit");
        assertThat(status(get(honouring, "Cache-Control", "no-cache"))).contains("fwd=stale; stored");
        assertThat(status(get(honouring, "Cache-Control", "max-age=0"))).contains("fwd=stale; stored");
        assertThat(status(get(honouring, "Cache-Control", "only-if-cached"))).contains("hit");
        cache.close().block();
    }

    @Test
    void onlyIfCachedNeverCalls() {
        WebTestClient client = client(
                responses.withOptions(HttpCacheOptions.defaults().withRequestDirectives(RequestDirectives.HONOUR)),
                CachedResponsesTest::plain);

        EntityExchangeResult<String> result = get(client, "Cache-Control", "only-if-cached");

        assertThat(result.getStatus()).isEqualTo(HttpStatus.GATEWAY_TIMEOUT);
        assertThat(calls).hasValue(0);
    }

    @Test
    void fieldsOfAnotherClientsExchangeAreNotStored() {
        WebTestClient client = WebTestClient.bindToRouterFunction(route(request -> true, CachedResponsesTest::plain))
                .webFilter(
                        (exchange, chain) -> {
                            exchange.getResponse().getHeaders().set("X-Trace", "" + calls.incrementAndGet());
                            return chain.filter(exchange);
                        },
                        responses.withOptions(HttpCacheOptions.defaults().withXCache()))
                .build();

        assertThat(get(client).getResponseHeaders().getFirst("X-Trace")).isEqualTo("1");
        EntityExchangeResult<String> second = get(client);

        assertThat(second.getResponseHeaders().get("X-Trace")).containsExactly("2");
        assertThat(second.getResponseHeaders().get("X-Cache")).containsExactly("HIT");
    }

    @Test
    void otherPathsAreLeftAlone() {
        WebTestClient client = client(CachedResponses.of(cache, "/products/**"), CachedResponsesTest::plain);

        assertThat(get(client).getResponseHeaders().containsHeader("Cache-Status"))
                .isFalse();
    }

    @Test
    void everyBufferIsReleased() {
        NettyDataBufferFactory buffers = new NettyDataBufferFactory(new PooledByteBufAllocator(true));
        List<ByteBuf> made = new CopyOnWriteArrayList<>();
        Flux<DataBuffer> parts = Flux.range(0, 8).map(i -> {
            var buffer = buffers.allocateBuffer(64);
            buffer.write("0123456789", StandardCharsets.UTF_8);
            made.add(buffer.getNativeBuffer());
            return buffer;
        });
        WebFilterChain chain = exchange -> exchange.getResponse().writeWith(parts);
        CachedResponses small =
                responses.withOptions(HttpCacheOptions.defaults().withMaximumBody(30));

        MockServerWebExchange kept = exchange();
        responses.filter(kept, chain).block();
        StepVerifier.create(kept.getResponse().getBodyAsString())
                .expectNext("0123456789".repeat(8))
                .verifyComplete();
        cache.invalidateAll(List.of("GET http:///slow")).block();
        MockServerWebExchange tooLong = MockServerWebExchange.from(MockServerHttpRequest.get("/long"));
        small.filter(tooLong, chain).block();
        StepVerifier.create(tooLong.getResponse().getBodyAsString())
                .expectNext("0123456789".repeat(8))
                .verifyComplete();
        WebFilterChain endless = exchange -> exchange.getResponse().writeWith(parts.concatWith(Flux.never()));
        responses
                .filter(MockServerWebExchange.from(MockServerHttpRequest.get("/endless")), endless)
                .subscribe()
                .dispose();

        assertThat(made)
                .hasSize(24)
                .allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
    }

    @Test
    void badInputIsRefused() {
        assertThatThrownBy(() -> CachedResponses.of(cache))
                .hasMessageContaining("paths must name at least one pattern");
        assertThatThrownBy(() -> HttpCacheOptions.defaults().withStatuses(200, 206))
                .hasMessage("status (206) must be from 200 to 599, and neither 206 nor 304, which are not whole");
        assertThatThrownBy(() -> HttpCacheOptions.defaults().withLifetime(Duration.ZERO))
                .hasMessage("lifetime (PT0S) must be above zero");
        assertThatThrownBy(() -> HttpCacheOptions.defaults().withMaximumBody(-1))
                .hasMessage("maximumBody (-1) must not be below zero");
    }
}
