package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.reactivecache.spring.web.HttpCacheOptions.RequestDirectives;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilterChain;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** What is answered from the cache. */
class CachedResponsesTest extends CachedResponsesFixture {
    @Test
    void aStoredResponseAnswersWithItsAge() {
        WebTestClient client = client(CachedResponsesFixture::plain);

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

    @Test
    void entityTagIsStrongAndAnswered() {
        WebTestClient client = client(CachedResponsesFixture::plain);
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
        WebTestClient client = client(CachedResponsesFixture::plain);

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
        WebTestClient client = client(CachedResponsesFixture::plain);

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
                CachedResponsesFixture::plain);

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
        WebTestClient ignoring = client(CachedResponsesFixture::plain);
        get(ignoring);
        assertThat(status(get(ignoring, "Cache-Control", "no-cache"))).contains("hit");

        WebTestClient honouring = client(
                responses.withOptions(HttpCacheOptions.defaults().withRequestDirectives(RequestDirectives.HONOUR)),
                CachedResponsesFixture::plain);
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
                CachedResponsesFixture::plain);

        EntityExchangeResult<String> result = get(client, "Cache-Control", "only-if-cached");

        assertThat(result.getStatus()).isEqualTo(HttpStatus.GATEWAY_TIMEOUT);
        assertThat(calls).hasValue(0);
    }

    @Test
    void fieldsOfAnotherClientsExchangeAreNotStored() {
        WebTestClient client = WebTestClient.bindToRouterFunction(route(request -> true, CachedResponsesFixture::plain))
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
        WebTestClient client = client(CachedResponses.of(cache, "/products/**"), CachedResponsesFixture::plain);

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
