package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpCookie;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.mock.web.server.MockWebSession;
import org.springframework.web.filter.reactive.ServerWebExchangeContextFilter;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.server.WebSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What a handler made of something that is one client's alone goes to that client, and to nobody else. */
class PersonalResponsesTest extends CachedResponsesFixture {
    private static final String CSRF = "org.springframework.security.web.server.csrf.CsrfToken";

    /** What filters before the cache have made of a client's request, and what a handler makes of that. */
    private record Page(
            String name, Function<MockServerWebExchange, ServerWebExchange> before, Content content, String detail) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** The text of a page; {@code outer} is the client's own exchange, as filters before the cache know it. */
    private interface Content {
        Mono<String> render(ServerWebExchange seen, ServerWebExchange outer);
    }

    private static Page page(String name, String detail, Content content) {
        return new Page(name, exchange -> exchange, content, detail);
    }

    private static Page page(String name, String detail, String attribute, Object value, Content content) {
        return new Page(
                name,
                exchange -> {
                    exchange.getAttributes().put(attribute, value);
                    return exchange;
                },
                content,
                detail);
    }

    private static Mono<String> user(WebSession session) {
        return Mono.fromSupplier(() -> "for " + session.getId());
    }

    static Stream<Page> personalPages() {
        return Stream.of(
                page(
                        "the session is read",
                        "session",
                        (seen, outer) -> seen.getSession().flatMap(PersonalResponsesTest::user)),
                page(
                        "a session is begun, and not shown",
                        "session",
                        (seen, outer) -> seen.getSession()
                                .doOnNext(session -> session.getAttributes().put("cart", 1))
                                .thenReturn("welcome")),
                page(
                        "the exchange of the context is asked for the session",
                        "session",
                        (seen, outer) ->
                                Mono.deferContextual(context -> ServerWebExchangeContextFilter.getExchange(context)
                                        .orElseThrow()
                                        .getSession()
                                        .flatMap(PersonalResponsesTest::user))),
                page("a cookie is set on the client's own response", "set-cookie", (seen, outer) -> {
                    outer.getResponse()
                            .addCookie(ResponseCookie.from("XSRF-TOKEN", "1").build());
                    return Mono.just("form");
                }),
                page("a field is set on the client's own response", "client-response", (seen, outer) -> {
                    outer.getResponse().getHeaders().set("X-Csrf", "1");
                    return Mono.just("form");
                }),
                page(
                        "a token that is made when it is needed",
                        "csrf",
                        CSRF,
                        Mono.just("token"),
                        (seen, outer) -> seen.<Mono<String>>getRequiredAttribute(CSRF)),
                page(
                        "a token, by going through all attributes",
                        "csrf",
                        CSRF,
                        Mono.just("token"),
                        (seen, outer) -> Flux.fromIterable(seen.getAttributes().entrySet())
                                .filter(entry -> entry.getKey().equals(CSRF))
                                .map(Map.Entry::getValue)
                                .concatMap(value -> (Mono<?>) value)
                                .single()
                                .cast(String.class)),
                page(
                        "a token that a filter has made",
                        "csrf",
                        "_csrf",
                        "token",
                        (seen, outer) -> Mono.just(seen.<String>getRequiredAttribute("_csrf"))),
                page(
                        "a session that a filter has left in an attribute",
                        "client-attribute",
                        "session",
                        new MockWebSession(),
                        (seen, outer) -> user(seen.getRequiredAttribute("session"))),
                page(
                        "a principal that a filter has left in an attribute",
                        "client-attribute",
                        "who",
                        (Principal) () -> "ann",
                        (seen, outer) -> Mono.just(
                                seen.<Principal>getRequiredAttribute("who").getName())),
                page(
                        "the server's own response is taken",
                        "native-response",
                        (seen, outer) -> Mono.fromSupplier(
                                        () -> ServerHttpResponseDecorator.<String>getNativeResponse(seen.getResponse()))
                                .onErrorReturn(IllegalStateException.class, "a mock has none")));
    }

    private WebFilterChain chain(Page page, ServerWebExchange outer) {
        return seen -> {
            calls.incrementAndGet();
            var response = seen.getResponse();
            return response.writeWith(page.content()
                    .render(seen, outer)
                    .map(text -> response.bufferFactory().wrap(text.getBytes(StandardCharsets.UTF_8))));
        };
    }

    private MockServerWebExchange visit(Page page) {
        MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/page"));
        ServerWebExchange outer = page.before().apply(exchange);
        responses
                .filter(outer, chain(page, outer))
                .contextWrite(context -> context.put(ServerWebExchangeContextFilter.EXCHANGE_CONTEXT_ATTRIBUTE, outer))
                .block();
        return exchange;
    }

    @ParameterizedTest
    @MethodSource("personalPages")
    void whatIsOneClientsIsHandedOnAndNeverStored(Page page) {
        MockServerWebExchange first = visit(page);
        MockServerWebExchange second = visit(page);

        assertThat(calls).as("each visitor has the handler run").hasValue(2);
        assertThat(cache.stats().localSize()).isZero();
        assertThat(first.getResponse().getBodyAsString().block()).isNotBlank();
        assertThat(second.getResponse().getHeaders().getFirst("Cache-Status"))
                .isEqualTo("http; fwd=uri-miss; detail=" + page.detail());
    }

    @Test
    void whoWaitsForAPersonalPageRunsItsOwnHandler() {
        Sinks.One<String> reply = Sinks.one();
        Page page = page(
                "session",
                "session",
                (seen, outer) -> seen.getSession()
                        .flatMap(session -> reply.asMono().map(text -> text + " for " + session.getId())));
        List<MockServerWebExchange> visitors = IntStream.range(0, 10)
                .mapToObj(i -> MockServerWebExchange.from(MockServerHttpRequest.get("/page")))
                .toList();
        List<CompletableFuture<Void>> ends = visitors.stream()
                .map(each -> responses.filter(each, chain(page, each)).toFuture())
                .toList();

        reply.tryEmitValue("made").orThrow();
        ends.forEach(CompletableFuture::join);

        assertThat(calls).hasValue(10);
        assertThat(visitors.stream()
                        .map(each -> each.getResponse().getBodyAsString().block())
                        .distinct())
                .as("each its own")
                .hasSize(10);
    }

    @Test
    void anEmptyPageOrItsTagsMayBePersonalToo() {
        WebFilterChain begins =
                seen -> seen.getSession().doOnNext(WebSession::start).then();
        CachedResponses tagging = responses.withTags(exchange -> {
            exchange.getSession().subscribe();
            return List.of("all");
        });
        WebFilterChain empty = seen -> seen.getResponse().setComplete();

        MockServerWebExchange begun = MockServerWebExchange.from(MockServerHttpRequest.get("/begun"));
        responses.filter(begun, begins).block();
        MockServerWebExchange tagged = MockServerWebExchange.from(MockServerHttpRequest.get("/tagged"));
        tagging.filter(tagged, empty).block();

        assertThat(cache.stats().localSize()).isZero();
        assertThat(tagged.getResponse().isCommitted()).isTrue();
    }

    @Test
    void whatFiltersDidBeforeTheHandlerRanDoesNotMatter() {
        Page page = new Page(
                "touched before",
                exchange -> {
                    exchange.getSession().block().start();
                    exchange.getResponse()
                            .addCookie(ResponseCookie.from("seen", "1").build());
                    exchange.getResponse().getHeaders().set("X-Trace", "1");
                    exchange.getAttributes().put(CSRF, Mono.just("token"));
                    return exchange;
                },
                (seen, outer) -> Mono.just("for all"),
                "");

        visit(page);
        MockServerWebExchange second = visit(page);

        assertThat(calls).hasValue(1);
        assertThat(second.getResponse().getHeaders().getFirst("Cache-Status")).startsWith("http; hit");
    }

    @Test
    void aFilterThatForbidsStoringBeforeTheHandlerRunsIsHeard() {
        Page page = new Page(
                "forbidden before",
                exchange -> {
                    exchange.getResponse().getHeaders().setCacheControl("no-store");
                    return exchange;
                },
                (seen, outer) -> Mono.just("x"),
                "no-store");

        visit(page);
        visit(page);

        assertThat(calls).hasValue(2);
    }

    @Test
    void somebodyKnownWithoutAFieldIsAuthorizedToo() {
        CachedResponses authorized =
                responses.withOptions(HttpCacheOptions.defaults().withAuthorizedRequests());
        Page page = page(
                "mine", "authorization", (seen, outer) -> seen.getPrincipal().map(Principal::getName));

        for (String name : List.of("ann", "bob")) {
            MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/page"));
            ServerWebExchange known = exchange.mutate()
                    .principal(Mono.just((Principal) () -> name))
                    .build();
            authorized.filter(known, chain(page, known)).block();
            assertThat(exchange.getResponse().getBodyAsString().block()).isEqualTo(name);
        }

        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void aClientCertificateIsAnAuthorizationToo() {
        CachedResponses authorized =
                responses.withOptions(HttpCacheOptions.defaults().withAuthorizedRequests());
        Page page = page("mine", "authorization", (seen, outer) -> Mono.just("secret"));
        MockServerWebExchange exchange =
                MockServerWebExchange.from(MockServerHttpRequest.get("/page").sslInfo(new SslInfo() {
                    @Override
                    public String getSessionId() {
                        return "1";
                    }

                    @Override
                    public X509Certificate[] getPeerCertificates() {
                        return new X509Certificate[0];
                    }
                }));

        authorized.filter(exchange, chain(page, exchange)).block();

        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void aCookieThatNoParserTakesForOneIsACookie() {
        CachedResponses ignoring =
                responses.withOptions(HttpCacheOptions.defaults().withIgnoredCookies("_ga"));
        Page page = page("x", "", (seen, outer) -> Mono.just("x"));

        for (String sent : List.of("_ga=1; session", "_GA=1", "_ga=1; a b=2", "=_ga")) {
            MockServerWebExchange exchange = MockServerWebExchange.from(
                    MockServerHttpRequest.get("/page").header("Cookie", sent).cookie(new HttpCookie("_ga", "1")));
            ignoring.filter(exchange, chain(page, exchange)).block();
            assertThat(exchange.getResponse().getHeaders().getFirst("Cache-Status"))
                    .as(sent)
                    .isEqualTo("http; fwd=bypass; detail=cookies");
        }
    }
}
