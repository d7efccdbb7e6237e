package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Whatever is not stored, or cannot be, reaches its client as if there were no cache. */
class PassedResponsesTest extends CachedResponsesFixture {
    private WebFilterChain handler(Consumer<ServerHttpResponse> head) {
        return exchange -> {
            calls.incrementAndGet();
            ServerHttpResponse response = exchange.getResponse();
            head.accept(response);
            return response.writeWith(
                    Mono.fromSupplier(() -> response.bufferFactory().wrap("hello".getBytes(StandardCharsets.UTF_8))));
        };
    }

    private static WebFilterChain before(
            Consumer<ServerHttpResponse> filter, CachedResponses cached, WebFilterChain to) {
        return exchange -> {
            filter.accept(exchange.getResponse());
            return cached.filter(exchange, to);
        };
    }

    private static MockServerWebExchange get(WebFilterChain chain, String... header) {
        var request = MockServerHttpRequest.get("/hello");
        for (int i = 0; i < header.length; i += 2) {
            request.header(header[i], header[i + 1]);
        }
        MockServerWebExchange exchange = MockServerWebExchange.from(request);
        chain.filter(exchange).block();
        return exchange;
    }

    private static String status(MockServerWebExchange exchange) {
        return exchange.getResponse().getHeaders().getFirst("Cache-Status");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Accept", "Accept-Language", "Accept-Language, Accept"})
    void aHandlerMayNameSomeOfTheFieldsThatItsKeyHas(String vary) {
        CachedResponses varying =
                responses.withOptions(HttpCacheOptions.defaults().withVaryBy("Accept", "Accept-Language"));
        WebFilterChain chain = exchange -> varying.filter(
                exchange, handler(response -> response.getHeaders().put("Vary", List.of(vary))));

        MockServerWebExchange first = get(chain);
        MockServerWebExchange second = get(chain);

        assertThat(calls).hasValue(1);
        assertThat(first.getResponse().getHeaders().getVary()).containsExactlyInAnyOrder("Accept", "Accept-Language");
        assertThat(second.getResponse().getBodyAsString().block()).isEqualTo("hello");
    }

    @Test
    void aConditionIsAnsweredAlsoIfTheResponseIsNotStored() {
        WebFilterChain chain = exchange -> responses.filter(exchange, handler(response -> {
            response.getHeaders().setETag("\"one\"");
            response.getHeaders().setCacheControl("no-store");
        }));

        MockServerWebExchange same = get(chain, "If-None-Match", "\"one\"");
        MockServerWebExchange other = get(chain, "If-None-Match", "\"two\"");

        assertThat(same.getResponse().getStatusCode()).isEqualTo(HttpStatus.NOT_MODIFIED);
        assertThat(same.getResponse().getHeaders().getETag()).isEqualTo("\"one\"");
        assertThat(same.getResponse().getBodyAsString().block()).isNullOrEmpty();
        assertThat(other.getResponse().getBodyAsString().block()).isEqualTo("hello");
    }

    @Test
    void theDateOfTheLastModificationIsACondition() {
        String modified = "Tue, 10 Nov 2026 10:00:00 GMT";
        WebFilterChain chain = exchange -> responses.filter(exchange, handler(response -> {
            response.getHeaders().set("Last-Modified", modified);
            response.getHeaders().setCacheControl("private");
        }));

        assertThat(get(chain, "If-Modified-Since", modified).getResponse().getStatusCode())
                .isEqualTo(HttpStatus.NOT_MODIFIED);
    }

    @Test
    void aBodyTooLongIsNotSentToWhoHasIt() {
        CachedResponses small =
                responses.withOptions(HttpCacheOptions.defaults().withMaximumBody(2));
        WebFilterChain chain = exchange ->
                small.filter(exchange, handler(response -> response.getHeaders().setETag("\"one\"")));

        MockServerWebExchange same = get(chain, "If-None-Match", "\"one\"");

        assertThat(same.getResponse().getStatusCode()).isEqualTo(HttpStatus.NOT_MODIFIED);
        assertThat(status(same)).isEqualTo("http; fwd=uri-miss; detail=size");
    }

    @Test
    void whatFiltersHaveWrittenForTheClientIsKept() {
        WebFilterChain chain = before(
                client -> {
                    client.setStatusCode(HttpStatus.ACCEPTED);
                    client.getHeaders().add("Vary", "Origin");
                    client.getHeaders().add("Set-Cookie", "raw=1");
                    client.getHeaders().set("X-Trace", "1");
                    client.addCookie(ResponseCookie.from("seen", "1").build());
                },
                responses,
                handler(response -> {
                    response.getHeaders().add("Vary", "Accept-Language");
                    response.getHeaders().add("Set-Cookie", "other=1");
                    response.addCookie(ResponseCookie.from("mine", "1").build());
                    response.addCookie(ResponseCookie.from("seen", "2").build());
                }));

        ServerHttpResponse response = get(chain).getResponse();

        assertThat(response.getStatusCode()).isEqualTo(HttpStatus.ACCEPTED);
        assertThat(response.getHeaders().getVary()).containsExactlyInAnyOrder("Origin", "Accept-Language");
        assertThat(response.getHeaders().get("Set-Cookie")).contains("raw=1", "other=1");
        assertThat(response.getHeaders().getFirst("X-Trace")).isEqualTo("1");
        assertThat(response.getCookies().get("seen"))
                .extracting(ResponseCookie::getValue)
                .containsExactly("1", "2");
        assertThat(response.getCookies()).containsKey("mine");
    }

    @Test
    void whatFiltersHaveWrittenForTheClientIsKeptWithAStoredResponse() {
        WebFilterChain chain = before(
                client -> {
                    client.getHeaders().add("Vary", "Origin");
                    client.getHeaders().add("Link", "</a.css>; rel=preload");
                },
                responses,
                handler(response -> response.getHeaders().add("Link", "</b.css>; rel=preload")));

        get(chain);
        HttpHeaders hit = get(chain).getResponse().getHeaders();

        assertThat(calls).hasValue(1);
        assertThat(hit.getVary()).containsExactlyInAnyOrder("Origin", "Accept");
        assertThat(hit.get("Link")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2_000, 200_000})
    void aLongQuotedDirectiveIsRead(int length) {
        String cacheControl = "a=\"" + "b\\\"".repeat(length) + "\", max-age=60";
        WebFilterChain chain = exchange -> responses.filter(
                exchange, handler(response -> response.getHeaders().setCacheControl(cacheControl)));

        get(chain, "Cache-Control", cacheControl);
        MockServerWebExchange second = get(chain, "Cache-Control", cacheControl);

        assertThat(status(second)).isEqualTo("http; hit; ttl=60");
    }

    @ParameterizedTest
    @ValueSource(strings = {"6", "4", "a", ""})
    void aBodyOfAnotherLengthThanItSaysIsNotStored(String length) {
        WebFilterChain chain = exchange -> responses.filter(
                exchange, handler(response -> response.getHeaders().set("Content-Length", length)));

        get(chain);
        MockServerWebExchange second = get(chain);

        assertThat(calls).hasValue(2);
        assertThat(second.getResponse().getBodyAsString().block()).isEqualTo("hello");
        assertThat(second.getResponse().getHeaders().getFirst("Content-Length")).isEqualTo(length);
        assertThat(status(second)).isEqualTo("http; fwd=uri-miss; detail=incomplete");
    }

    @Test
    void aRequestWhoseLengthCannotBeReadGoesPastTheCache() {
        WebFilterChain chain = exchange -> responses.filter(exchange, handler(response -> {}));

        assertThat(status(get(chain, "Content-Length", "many"))).isEqualTo("http; fwd=bypass; detail=special-request");
    }

    @Test
    void aFieldThatCannotBeSentIsNotStored() {
        WebFilterChain chain = exchange -> responses.filter(
                exchange, handler(response -> response.getHeaders().set("X-Note", "a\nb")));

        get(chain);
        get(chain);

        assertThat(calls).hasValue(2);
    }

    @Test
    void tagsThatFailOrAreNotValidKeepNobodyFromItsResponse() {
        for (CachedResponses tagged :
                List.of(responses.withTags(exchange -> List.of("no spaces please")), responses.withTags(exchange -> {
                    throw new IllegalStateException("no tags today");
                }))) {
            calls.set(0);
            WebFilterChain chain = exchange -> tagged.filter(exchange, handler(response -> {}));

            get(chain);
            MockServerWebExchange second = get(chain);

            assertThat(calls).hasValue(2);
            assertThat(second.getResponse().getBodyAsString().block()).isEqualTo("hello");
            assertThat(status(second)).isEqualTo("http; fwd=uri-miss; detail=failed");
        }
    }

    @Test
    void aCacheThatIsClosedFailsNoRequest() {
        cache.close().block();
        WebFilterChain chain = exchange -> responses.filter(exchange, handler(response -> {}));

        assertThat(get(chain).getResponse().getBodyAsString().block()).isEqualTo("hello");

        MockServerWebExchange head = MockServerWebExchange.from(MockServerHttpRequest.head("/hello"));
        chain.filter(head).block();
        assertThat(calls).hasValue(2);
    }
}
