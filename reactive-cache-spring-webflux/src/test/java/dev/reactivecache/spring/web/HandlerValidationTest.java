package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Handlers are asked whether a stale response is good still (RFC 9111, section 4.3). */
class HandlerValidationTest extends CachedResponsesFixture {
    private static final String TAG = "\"v1\"";

    private final List<HttpHeaders> seen = new ArrayList<>();

    /** Makes a page with a tag, and 304 of one who has it: as written by hand, without Spring's own comparison. */
    private Mono<ServerResponse> tagged(ServerRequest request, String... more) {
        HttpHeaders headers = request.headers().asHttpHeaders();
        seen.add(headers);
        boolean known = headers.getIfNoneMatch().contains(TAG);
        ServerResponse.BodyBuilder response = known ? ServerResponse.status(304) : ServerResponse.ok();
        response.headers(all -> all.set("ETag", TAG));
        for (int i = 0; i < more.length; i += 2) {
            response.header(more[i], more[i + 1]);
        }
        return known ? response.build() : response.bodyValue("page");
    }

    private void pass() {
        timer.advanceTimeBy(Duration.ofSeconds(61));
    }

    @Test
    void aStaleResponseThatIsGoodStillIsFreshForAnotherWhile() {
        WebTestClient client = client(request -> tagged(request, "X-Run", "" + calls));
        get(client);
        pass();

        EntityExchangeResult<String> validated = get(client);

        assertThat(seen.get(0).getIfNoneMatch()).isEmpty();
        assertThat(seen.get(1).getIfNoneMatch()).containsExactly(TAG);
        assertThat(validated.getStatus()).isEqualTo(HttpStatus.OK);
        assertThat(validated.getResponseBody()).isEqualTo("page");
        assertThat(validated.getResponseHeaders().getFirst("X-Run")).isEqualTo("2");
        assertThat(status(validated)).isEqualTo("http; fwd=stale; fwd-status=304; stored; ttl=60");
        assertThat(status(get(client))).isEqualTo("http; hit; ttl=60");
        assertThat(calls).hasValue(2);
    }

    @Test
    void springsOwnComparisonSparesTheBody() {
        WebTestClient client = client(request -> ServerResponse.ok()
                .lastModified(Instant.parse("2026-11-01T00:00:00Z"))
                .body(Mono.fromSupplier(() -> "made at run " + calls), String.class));
        get(client);
        pass();

        EntityExchangeResult<String> validated = get(client);

        assertThat(validated.getResponseBody()).isEqualTo("made at run 1");
        assertThat(status(validated)).contains("fwd-status=304");
    }

    @Test
    void aChangedResponseReplacesTheOld() {
        WebTestClient client =
                client(request -> ServerResponse.ok().eTag("v" + calls).bodyValue("page " + calls));
        get(client);
        pass();

        assertThat(get(client).getResponseBody()).isEqualTo("page 2");
        assertThat(get(client).getResponseBody()).isEqualTo("page 2");
        assertThat(calls).hasValue(2);
    }

    @Test
    void aTagThatWasMadeHereIsAskedOfNobody() {
        WebTestClient client = client(request -> {
            seen.add(request.headers().asHttpHeaders());
            return ServerResponse.ok().bodyValue("page");
        });
        get(client);
        pass();

        assertThat(get(client).getResponseBody()).isEqualTo("page");
        assertThat(seen).hasSize(2).allMatch(headers -> headers.getIfNoneMatch().isEmpty());
    }

    @Test
    void aHandlerThatSpeaksOfAnotherResponseIsAskedForTheWhole() {
        WebTestClient client = client(request -> {
            seen.add(request.headers().asHttpHeaders());
            return calls.get() == 2
                    ? ServerResponse.status(304)
                            .headers(all -> all.set("ETag", "\"other\""))
                            .build()
                    : ServerResponse.ok().headers(all -> all.set("ETag", TAG)).bodyValue("run " + calls);
        });
        get(client);
        pass();

        assertThat(get(client).getResponseBody()).isEqualTo("run 3");
        assertThat(seen.get(2).getIfNoneMatch()).isEmpty();
    }

    @Test
    void a304ThatNobodyAskedForIsHandedOn() {
        WebTestClient client = client(request -> ServerResponse.status(304).build());

        assertThat(get(client).getStatus()).isEqualTo(HttpStatus.NOT_MODIFIED);
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void aClientThatHasItIsToldSoOnceItIsValidated() {
        WebTestClient client = client(request -> tagged(request));
        get(client);
        pass();

        assertThat(get(client, "If-None-Match", TAG).getStatus()).isEqualTo(HttpStatus.NOT_MODIFIED);
        assertThat(get(client, "If-None-Match", "\"older\"").getResponseBody()).isEqualTo("page");
        assertThat(calls).hasValue(2);
    }

    @Test
    void whatMayNotBeStoredAnyMoreIsHandedOnWhole() {
        WebTestClient client =
                client(request -> calls.get() == 1 ? tagged(request) : tagged(request, "Cache-Control", "no-store"));
        get(client);
        pass();

        EntityExchangeResult<String> last = get(client);

        assertThat(last.getStatus()).isEqualTo(HttpStatus.OK);
        assertThat(last.getResponseBody()).isEqualTo("page");
        assertThat(status(last)).isEqualTo("http; fwd=stale; detail=no-store");
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void whatAHandlerSaysForOneClientWhileItValidatesIsNotStored() {
        WebTestClient client = client(request ->
                calls.get() == 1 ? tagged(request) : request.session().then(tagged(request)));
        get(client);
        pass();

        EntityExchangeResult<String> personal = get(client);

        assertThat(personal.getResponseBody()).isEqualTo("page");
        assertThat(status(personal)).contains("detail=session");
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void a304ThatSetsACookieIsNotStored() {
        WebTestClient client =
                client(request -> calls.get() == 1 ? tagged(request) : tagged(request, "Set-Cookie", "session=1"));
        get(client);
        pass();

        EntityExchangeResult<String> personal = get(client);

        assertThat(personal.getResponseBody()).isEqualTo("page");
        assertThat(personal.getResponseHeaders().getFirst("Set-Cookie")).isEqualTo("session=1");
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void aResponseThatMustBeValidatedAsksItsHandlerEachTime() {
        CachedResponses validating =
                responses.withOptions(HttpCacheOptions.defaults().withValidatedResponses());
        WebTestClient client = client(validating, request -> tagged(request, "Cache-Control", "no-cache, max-age=60"));
        get(client);

        for (int i = 0; i < 3; i++) {
            EntityExchangeResult<String> validated = get(client);
            assertThat(validated.getResponseBody()).isEqualTo("page");
            assertThat(status(validated)).contains("fwd-status=304");
        }

        assertThat(calls).hasValue(4);
    }

    @Test
    void whoHasWaitedForAResponseThatMustBeValidatedHasItValidated() {
        Sinks.Empty<Void> reply = Sinks.empty();
        CachedResponses validating =
                responses.withOptions(HttpCacheOptions.defaults().withValidatedResponses());
        WebFilterChain chain = exchange -> validating.filter(exchange, inner -> {
            int run = calls.incrementAndGet();
            ServerHttpResponse response = inner.getResponse();
            response.getHeaders().setETag(TAG);
            response.getHeaders().setCacheControl("no-cache");
            boolean known = inner.getRequest().getHeaders().getIfNoneMatch().contains(TAG);
            if (known) {
                response.setStatusCode(HttpStatus.NOT_MODIFIED);
                return response.setComplete();
            }
            return reply.asMono()
                    .then(Mono.defer(() -> response.writeWith(Mono.just(
                            response.bufferFactory().wrap(("run " + run).getBytes(StandardCharsets.UTF_8))))));
        });
        List<MockServerWebExchange> exchanges = Stream.of("/hello", "/hello")
                .map(path -> MockServerWebExchange.from(MockServerHttpRequest.get(path)))
                .toList();
        var all = exchanges.stream()
                .map(exchange -> chain.filter(exchange).toFuture())
                .toList();
        assertThat(calls).hasValue(1);

        reply.tryEmitEmpty().orThrow();

        assertThat(all).allSatisfy(each -> assertThat(each).isCompleted());
        assertThat(exchanges)
                .allSatisfy(exchange -> assertThat(
                                exchange.getResponse().getBodyAsString().block())
                        .isEqualTo("run 1"));
        assertThat(calls).as("the second was asked for, too").hasValue(2);
    }

    @Test
    void aResponseThatMustBeValidatedAndCannotBeIsNotStored() {
        CachedResponses validating =
                responses.withOptions(HttpCacheOptions.defaults().withValidatedResponses());
        WebTestClient client = client(
                validating,
                request ->
                        ServerResponse.ok().header("Cache-Control", "no-cache").bodyValue("page"));

        get(client);

        assertThat(cache.stats().localSize()).isZero();
    }
}
