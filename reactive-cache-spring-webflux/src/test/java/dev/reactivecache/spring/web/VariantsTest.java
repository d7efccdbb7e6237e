package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Several responses to one URI, by the request fields that their {@code Vary} names (RFC 9111, section 4.1). */
class VariantsTest extends CachedResponsesFixture {
    private static Mono<ServerResponse> shown(ServerRequest request, String vary) {
        return ServerResponse.ok()
                .header("Vary", vary)
                .bodyValue(Stream.of(vary.split(", "))
                        .map(name -> request.headers().header(name).toString())
                        .toList()
                        .toString());
    }

    private String body(WebTestClient client, String... header) {
        return get(client, header).getResponseBody();
    }

    @Test
    void eachVariantIsKeptBesideTheOthers() {
        WebTestClient client = client(request -> shown(request, "Foo"));

        for (int round = 0; round < 3; round++) {
            assertThat(body(client, "Foo", "1")).isEqualTo("[[1]]");
            assertThat(body(client, "Foo", "2")).isEqualTo("[[2]]");
            assertThat(body(client, "Foo", "3", "Other", "" + round)).isEqualTo("[[3]]");
        }

        assertThat(calls).hasValue(3);
    }

    @ParameterizedTest
    @CsvSource({"'', '1'", "'1, 2', '1,2'", "'a', 'A'", "'en, de', 'de, en'"})
    void whatAHandlerCanTellApartIsApart(String one, String other) {
        WebTestClient client = client(request -> shown(request, "Foo"));

        String first = body(client, "Foo", one);

        assertThat(body(client, "Foo", other)).isNotEqualTo(first);
        assertThat(body(client)).as("without the field").isEqualTo("[[]]");
        assertThat(body(client, "Foo", one)).isEqualTo(first);
        assertThat(calls).hasValue(3);
    }

    @Test
    void twoLinesAreNotOneWithAComma() {
        WebTestClient client = client(request -> shown(request, "Foo"));

        assertThat(body(client, "Foo", "1", "Foo", "2")).isEqualTo("[[1, 2]]");
        assertThat(body(client, "Foo", "1, 2")).isEqualTo("[[1, 2]]");
        assertThat(calls).hasValue(2);
    }

    @Test
    void responsesMayVaryByMoreAndMore() {
        WebTestClient client = client(request -> shown(
                request,
                request.headers().header("Foo").contains("1")
                        ? "Foo"
                        : request.headers().header("Bar").contains("1") ? "Foo, Bar" : "Foo, Bar, Baz"));

        for (int round = 0; round < 2; round++) {
            assertThat(body(client, "Foo", "1")).isEqualTo("[[1]]");
            assertThat(body(client, "Foo", "2", "Bar", "1")).isEqualTo("[[2], [1]]");
            assertThat(body(client, "Foo", "2", "Bar", "2", "Baz", "a")).isEqualTo("[[2], [2], [a]]");
            assertThat(body(client, "Foo", "2", "Bar", "2", "Baz", "b")).isEqualTo("[[2], [2], [b]]");
        }

        assertThat(calls).hasValue(4);
    }

    @Test
    void responsesThatVaryWithoutEndAreTheHandlers() {
        WebTestClient client = client(request -> shown(request, "Foo, F" + calls));

        for (int i = 0; i < 20; i++) {
            assertThat(body(client, "Foo", "" + i, "F" + (calls.get() + 1), "x"))
                    .isEqualTo("[[" + i + "], [x]]");
        }
    }

    @Test
    void aFieldThatIsInTheKeyNeedsNoSecondLookup() {
        CachedResponses hinted =
                responses.withOptions(HttpCacheOptions.defaults().withVaryBy("Foo"));
        WebTestClient client = client(hinted, request -> shown(request, "Foo"));

        body(client, "Foo", "1");
        body(client, "Foo", "2");
        long before = cache.stats().localHits();
        body(client, "Foo", "2");

        assertThat(calls).hasValue(2);
        assertThat(cache.stats().localHits() - before).isEqualTo(1);
    }

    @Test
    void theStatusSaysThatOnlyTheVariantWasMissing() {
        WebTestClient client = client(request -> shown(request, "Foo"));

        assertThat(status(get(client, "Foo", "1"))).isEqualTo("http; fwd=uri-miss; stored; ttl=60");
        assertThat(status(get(client, "Foo", "2"))).isEqualTo("http; fwd=vary-miss; stored; ttl=60");
        assertThat(status(get(client, "Foo", "2"))).isEqualTo("http; hit; ttl=60");
    }

    @Test
    void theStatusSaysSoOfAVariantThatIsNotStored() {
        WebTestClient client = client(request -> calls.get() == 1
                ? shown(request, "Foo")
                : ServerResponse.ok().header("Cache-Control", "no-store").bodyValue("x"));
        get(client, "Foo", "1");

        assertThat(status(get(client, "Foo", "2"))).isEqualTo("http; fwd=vary-miss; detail=no-store");
    }

    @Test
    void aHeadIsAnsweredFromItsVariant() {
        WebTestClient client = client(request -> shown(request, "Foo"));
        body(client, "Foo", "1");
        body(client, "Foo", "22");

        client.head()
                .uri("/hello")
                .header("Foo", "22")
                .exchange()
                .expectHeader()
                .contentLength(6);
        client.head().uri("/hello").header("Foo", "1").exchange().expectHeader().contentLength(5);

        assertThat(calls).hasValue(2);
    }

    @Test
    void aChangeDropsAllVariants() {
        WebTestClient client = client(request -> shown(request, "Foo"));
        body(client, "Foo", "1");
        body(client, "Foo", "2");

        client.delete().uri("/hello").exchange();

        assertThat(status(get(client, "Foo", "1"))).contains("fwd");
        assertThat(status(get(client, "Foo", "2"))).contains("fwd");
    }

    @Test
    void anEndedVariantIsMadeAnewAndTheOthersStay() {
        WebTestClient client = client(request -> shown(request, "Foo"));
        body(client, "Foo", "1");
        timer.advanceTimeBy(Duration.ofSeconds(40));
        body(client, "Foo", "2");
        timer.advanceTimeBy(Duration.ofSeconds(30));

        assertThat(status(get(client, "Foo", "2"))).isEqualTo("http; hit; ttl=30");
        assertThat(status(get(client, "Foo", "1"))).contains("fwd=stale");
        assertThat(status(get(client, "Foo", "1"))).contains("hit");
        assertThat(calls).hasValue(3);
    }

    /** The handler runs for the one whose request began it, while that gets what is there, if it is for such as it. */
    @Test
    void aCacheThatLoadsInBackgroundGivesNobodyAnothersVariant() {
        ReactiveCache<String, StoredResponse> serving = CachedResponses.cache("serving")
                .timer(timer)
                .jitter(0)
                .ttl(Duration.ofSeconds(10))
                .staleWhileRevalidate(Duration.ofMinutes(5))
                .build();
        WebTestClient client = client(CachedResponses.of(serving, "/**"), request -> shown(request, "Foo"));
        body(client, "Foo", "1");
        timer.advanceTimeBy(Duration.ofSeconds(11));

        assertThat(body(client, "Foo", "2")).isEqualTo("[[2]]");
        assertThat(body(client, "Foo", "1")).isEqualTo("[[1]]");
    }

    @Test
    void aRunInBackgroundWritesToNobody() {
        ReactiveCache<String, StoredResponse> serving = CachedResponses.cache("serving")
                .timer(timer)
                .jitter(0)
                .ttl(Duration.ofSeconds(10))
                .staleWhileRevalidate(Duration.ofMinutes(5))
                .build();
        WebTestClient client = client(
                CachedResponses.of(serving, "/**"),
                request -> calls.get() == 1
                        ? ServerResponse.ok().bodyValue("page")
                        : ServerResponse.ok().header("Set-Cookie", "a=b").bodyValue("personal"));
        body(client);
        timer.advanceTimeBy(Duration.ofSeconds(11));

        var answer = get(client);

        assertThat(answer.getResponseBody()).isIn("page", "personal");
        assertThat(answer.getResponseHeaders().containsHeader("Set-Cookie"))
                .isEqualTo("personal".equals(answer.getResponseBody()));
    }

    /** Nobody knows what the response varies by until it is there. */
    @Test
    void whoHasWaitedForAnotherVariantGetsItsOwn() {
        Sinks.Empty<Void> reply = Sinks.empty();
        WebFilterChain chain = exchange -> responses.filter(exchange, inner -> {
            calls.incrementAndGet();
            ServerHttpResponse response = inner.getResponse();
            response.getHeaders().set("Vary", "Foo");
            String foo = inner.getRequest().getHeaders().getFirst("Foo");
            return reply.asMono()
                    .then(Mono.defer(() -> response.writeWith(
                            Mono.just(response.bufferFactory().wrap(foo.getBytes(StandardCharsets.UTF_8))))));
        });
        List<MockServerWebExchange> exchanges = Stream.of("1", "1", "2", "2", "3")
                .map(foo -> MockServerWebExchange.from(
                        MockServerHttpRequest.get("/hello").header("Foo", foo)))
                .toList();

        List<CompletableFuture<Void>> all = exchanges.stream()
                .map(exchange -> chain.filter(exchange).toFuture())
                .toList();
        assertThat(calls).as("before the variant is known").hasValue(1);
        reply.tryEmitEmpty().orThrow();

        assertThat(all).allSatisfy(each -> assertThat(each).isCompleted());
        assertThat(exchanges)
                .extracting(exchange -> exchange.getResponse().getBodyAsString().block())
                .containsExactly("1", "1", "2", "2", "3");
        assertThat(calls.get()).isBetween(3, 4);
    }
}
