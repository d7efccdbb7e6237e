package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Nothing that a handler shows of a request reaches those whose request is another: handlers that show one thing each
 * are asked through the cache and beside it, while one part of the request changes at a time, and both answers must be
 * the same.
 */
class UnkeyedInputsTest {
    private static final HttpCacheOptions OPTIONS =
            HttpCacheOptions.defaults().withCredentials("X-Api-Key").withStatuses(200, 404);
    private static final int REQUESTS_OF_A_HANDLER = 430;

    /** Else the walk goes where nothing is cached, and finds nothing. */
    private static final int FEWEST_HITS = 1_000;

    private interface Shown {
        Mono<String> of(ServerWebExchange exchange);
    }

    private static Shown ofRequest(Function<ServerHttpRequest, @Nullable Object> what) {
        return exchange -> Mono.just(String.valueOf(what.apply(exchange.getRequest())));
    }

    private static Shown field(String name) {
        return ofRequest(request -> request.getHeaders().getOrEmpty(name));
    }

    /** Shows fields, and says so. */
    private static Shown varying(String... names) {
        return exchange -> {
            exchange.getResponse().getHeaders().setVary(List.of(names));
            Map<String, Object> shown = new LinkedHashMap<>();
            for (String name : names) {
                shown.put(name, exchange.getRequest().getHeaders().getOrEmpty(name));
            }
            return Mono.just(shown.toString());
        };
    }

    private static Map<String, Shown> handlers() {
        Map<String, Shown> all = new LinkedHashMap<>();
        all.put("path", ofRequest(request -> request.getPath().pathWithinApplication()));
        all.put("raw path", ofRequest(request -> request.getURI().getRawPath()));
        all.put("context path", ofRequest(request -> request.getPath().contextPath()));
        all.put("query", ofRequest(request -> request.getURI().getRawQuery()));
        all.put("parameters", ofRequest(ServerHttpRequest::getQueryParams));
        all.put("one parameter", ofRequest(request -> request.getQueryParams().getFirst("page")));
        all.put("server", ofRequest(request -> request.getURI().getRawAuthority()));
        all.put("scheme", ofRequest(request -> request.getURI().getScheme()));
        all.put("whole URI", ofRequest(ServerHttpRequest::getURI));
        all.put("Accept", field("Accept"));
        all.put("Foo", varying("Foo"));
        all.put("language", varying("Accept-Language", "Accept"));
        all.put("encoding", varying("accept-encoding"));
        all.put("many fields", varying("Foo", "Accept-Language", "Accept-Encoding"));
        all.put(
                "more fields for some",
                exchange -> exchange.getRequest().getHeaders().getOrEmpty("Foo").contains("1")
                        ? varying("Foo", "Accept-Language").of(exchange)
                        : varying("Foo").of(exchange));
        all.put("Authorization", field("Authorization"));
        all.put("API key", field("X-Api-Key"));
        all.put("cookies", ofRequest(ServerHttpRequest::getCookies));
        all.put("varies by cookies", varying("Cookie"));
        all.put(
                "principal",
                exchange -> exchange.getPrincipal().map(Principal::getName).defaultIfEmpty("nobody"));
        all.put(
                "session",
                exchange -> exchange.getSession()
                        .map(session -> "session " + session.getId().isEmpty()));
        all.put("private for some", exchange -> {
            Object foo = exchange.getRequest().getHeaders().getFirst("Foo");
            if (foo != null) {
                exchange.getResponse().getHeaders().setCacheControl("private");
            }
            exchange.getResponse().getHeaders().setVary(List.of("Foo"));
            return Mono.just("for " + foo);
        });
        all.put("cookie for some", exchange -> {
            String page = exchange.getRequest().getQueryParams().getFirst("page");
            if (page != null) {
                exchange.getResponse()
                        .addCookie(ResponseCookie.from("page", "x").build());
            }
            return Mono.just("page " + page);
        });
        all.put("status", exchange -> {
            String page = exchange.getRequest().getQueryParams().getFirst("page");
            exchange.getResponse().setStatusCode(HttpStatusCode.valueOf("1".equals(page) ? 404 : 200));
            return Mono.just("page " + page);
        });
        return all;
    }

    private static WebFilterChain handler(Shown shown) {
        return exchange -> Mono.defer(() -> shown.of(exchange)).flatMap(text -> {
            ServerHttpResponse response = exchange.getResponse();
            return response.writeWith(
                    Mono.fromSupplier(() -> response.bufferFactory().wrap(text.getBytes(StandardCharsets.UTF_8))));
        });
    }

    /** A request whose parts change one at a time. */
    private static final class Walk {
        private final Random random;
        private String scheme = "http";
        private String server = "one";
        private String context = "";
        private String path = "/a";
        private String query = "";
        private boolean known;
        private HttpMethod method = HttpMethod.GET;
        private final Map<String, String> fields = new LinkedHashMap<>();

        Walk(Random random) {
            this.random = random;
        }

        private String oneOf(String... choices) {
            return HeaderTexts.oneOf(random, choices);
        }

        void step() {
            switch (random.nextInt(15)) {
                case 0 -> scheme = oneOf("http", "https");
                case 1 -> server = oneOf("one", "one:8080", "two", "ONE");
                case 2 -> context = oneOf("", "", "/a");
                case 3 ->
                    path = oneOf("/a", "/A", "/a/", "/a/a", "/%61", "/a;v=1", "/a/../a", "//a", "/a%2Fa", "/a.css");
                case 4, 5 ->
                    query = oneOf(
                            "",
                            "?",
                            "?page=1",
                            "?page=2",
                            "?page=1&page=2",
                            "?page=2&page=1",
                            "?%70age=1",
                            "?page=%31",
                            "?page=1&x=1",
                            "?page=1;x=2",
                            "?Page=1",
                            "?page",
                            "?page=",
                            "?=page",
                            "?page=1%26page=2");
                case 6 -> known = random.nextInt(6) == 0;
                case 7 -> method = random.nextInt(4) == 0 ? HttpMethod.HEAD : HttpMethod.GET;
                case 8 -> field("Foo", "1", "2", "1,2", "1, 2", "", "1\nBar: 2");
                case 9 -> field("Accept-Language", "de", "en", "de, en", "DE");
                case 10 -> field("Accept-Encoding", "gzip", "br", "gzip, br");
                case 11 -> field("Accept", "text/html", "*/*", "application/json");
                case 12 -> field(oneOf("Cookie", "Authorization", "X-Api-Key"), "a=1", "a=2");
                case 13 -> List.of("Cookie", "Authorization", "X-Api-Key").forEach(fields::remove);
                default ->
                    field(
                            oneOf(
                                    "X-Forwarded-Host",
                                    "X-Original-URL",
                                    "X-HTTP-Method-Override",
                                    "Cache-Control",
                                    "Pragma"),
                            "evil",
                            "no-cache");
            }
        }

        private void field(String name, String... values) {
            if (random.nextInt(3) > 0) {
                fields.remove(name);
            } else {
                fields.put(name, oneOf(values));
            }
        }

        MockServerWebExchange exchange() {
            URI uri = URI.create(scheme + "://" + server + context + path + query);
            MockServerHttpRequest.BaseBuilder<?> request =
                    MockServerHttpRequest.method(method, uri).contextPath(context);
            fields.forEach(request::header);
            String cookie = fields.get("Cookie");
            if (cookie != null) {
                request.cookie(new HttpCookie("a", cookie.substring(2)));
            }
            return MockServerWebExchange.from(request.build());
        }

        /** As a filter for security leaves it. */
        ServerWebExchange secured(MockServerWebExchange exchange) {
            return known
                    ? exchange.mutate().principal(Mono.just(() -> "somebody")).build()
                    : exchange;
        }

        @Override
        public String toString() {
            return method + " " + scheme + "://" + server + context + path + query + " " + fields + " " + known;
        }
    }

    private static String answer(MockServerWebExchange exchange) {
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        HttpHeaders headers = exchange.getResponse().getHeaders();
        return (status == null ? 200 : status.value()) + " "
                + exchange.getResponse().getCookies().keySet() + headers.getOrEmpty("Set-Cookie") + " "
                + exchange.getResponse().getBodyAsString().block();
    }

    @Fuzzed
    void nobodyGetsWhatWasMadeForAnotherRequest() {
        Fuzz.tries(1, draw -> {
            Random random = draw.random();
            int hits = 0;
            for (Map.Entry<String, Shown> each : handlers().entrySet()) {
                ReactiveCache<String, StoredResponse> cache =
                        CachedResponses.cache("pages").build();
                WebFilterChain handler = handler(each.getValue());
                CachedResponses cached = CachedResponses.of(cache, "/**").withOptions(OPTIONS);
                Walk walk = new Walk(random);
                for (int i = 0; i < REQUESTS_OF_A_HANDLER; i++) {
                    walk.step();
                    MockServerWebExchange through = walk.exchange();
                    MockServerWebExchange beside = walk.exchange();

                    cached.filter(walk.secured(through), handler).block();
                    handler.filter(walk.secured(beside)).block();

                    String status = through.getResponse().getHeaders().getFirst("Cache-Status");
                    if (walk.method == HttpMethod.GET) {
                        assertThat(answer(through))
                                .as("%s: %s (%s)", each.getKey(), walk, status)
                                .isEqualTo(answer(beside));
                    }
                    hits += status != null && status.contains("; hit") ? 1 : 0;
                }
                cache.close().block();
            }
            assertThat(hits).as("answers from the cache").isGreaterThan(FEWEST_HITS);
        });
    }
}
