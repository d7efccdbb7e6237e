package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import dev.reactivecache.spring.web.HttpCacheOptions.RequestDirectives;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Whatever stands in header fields, they are read without an error, and what is well formed is read as it was meant.
 */
class HeaderParsersFuzzTest extends CachedResponsesFixture {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final String[] FIELDS = {
        "Targeted",
        "Cache-Control",
        "Pragma",
        "Age",
        "Expires",
        "Date",
        "Vary",
        "ETag",
        "Last-Modified",
        "Content-Type",
        "Content-Length",
        "Connection",
        "Range",
        "If-Range",
        "Cookie",
        "Cache-Tag",
        "If-None-Match",
        "If-Modified-Since",
        "Accept",
        "Content-Range",
        "Transfer-Encoding",
        "Upgrade"
    };
    private static final String[] PARTS = {
        "max-age",
        "s-maxage",
        "private",
        "no-store",
        "\"a\"",
        "W/\"",
        "*",
        "Accept",
        "GMT",
        "Mon, 30 Nov 2026 12:00:00 GMT",
        "bytes=0-",
        "gzip",
        "close",
        "text/html",
        ";q=0.5",
        "%zz",
        "99999999999"
    };

    private static HttpHeaders headers(Random random) {
        HttpHeaders headers = new HttpHeaders();
        for (int fields = random.nextInt(5); fields > 0; fields--) {
            headers.add(HeaderTexts.oneOf(random, FIELDS), HeaderTexts.draw(random, 6, PARTS));
        }
        return headers;
    }

    @Fuzzed
    void noFieldFailsADecision() {
        StoragePolicy policy = new StoragePolicy(HttpCacheOptions.defaults()
                .withRequestDirectives(RequestDirectives.HONOUR)
                .withGuessedLifetime(Duration.ofDays(1))
                .withValidatedResponses()
                .withSharedSetCookie()
                .withTargetedFields("Targeted", "CDN-Cache-Control")
                .withTagHeader("Cache-Tag"));
        Fuzz.tries(4_000, draw -> {
            Random random = draw.random();
            HttpHeaders request = headers(random);
            HttpHeaders response = headers(random);
            policy.bypass(HttpMethod.GET, request, Set.of());
            policy.wantsOnlyStored(request);
            Arrival arrival = new Arrival(200, response, false, NOW, NOW);
            policy.judge(Asked.by(request), arrival);
            HttpHeaders stored = policy.stored(response);
            policy.refuses(response, stored, 5);
            RunRules.tagsOf(response, "Cache-Tag");
            Freshness freshness = Freshness.of(Directives.of(response), arrival, Duration.ofMinutes(1));
            assertThat(freshness.age()).isGreaterThanOrEqualTo(Duration.ZERO);
            assertThat(freshness.lifetime()).isGreaterThanOrEqualTo(Duration.ZERO);
            StoredResponse kept = new StoredResponse(200, stored, new byte[5], freshness)
                    .forVariant(policy.variants().of(stored, request))
                    .withCookies(policy.storedCookies(response));
            policy.answers(kept, freshness.age(), request);
            assertThat(policy.variants().match(kept, request)).isTrue();
            Conditions.areMet(request, kept);
            ByteRange range = ByteRange.of(request, kept);
            if (range != null && range.isSatisfiable()) {
                assertThat(range.first() + range.length()).isBetween(1, kept.length());
            }
            Validation validation = Validation.of(kept);
            if (validation != null && validation.isAbout(response)) {
                validation.freshened(arrival, policy);
            }
        });
    }

    @Fuzzed
    void noFieldKeepsAClientFromItsResponse() {
        CachedResponses honouring = responses.withOptions(HttpCacheOptions.defaults()
                .withRequestDirectives(RequestDirectives.HONOUR)
                .withVaryBy("Accept", "Accept-Language")
                .withQueryParameters("page")
                .withTagHeader("Cache-Tag"));
        Fuzz.tries(500, draw -> {
            Random random = draw.random();
            HttpHeaders request = headers(random);
            HttpHeaders response = headers(random);
            WebFilterChain handler = exchange -> {
                ServerHttpResponse out = exchange.getResponse();
                response.forEach((name, values) -> out.getHeaders().put(name, new ArrayList<>(values)));
                return out.writeWith(
                        Mono.fromSupplier(() -> out.bufferFactory().wrap("hello".getBytes(StandardCharsets.UTF_8))));
            };
            for (int visit = 0; visit < 2; visit++) {
                MockServerWebExchange exchange = MockServerWebExchange.from(
                        MockServerHttpRequest.get("/" + random.nextInt(50)).headers(request));

                honouring.filter(exchange, handler).block();

                ServerHttpResponse answer = exchange.getResponse();
                assertThat(answer.isCommitted()).isTrue();
                int status = answer.getStatusCode() == null
                        ? 200
                        : answer.getStatusCode().value();
                assertThat(status).isIn(200, 206, 304, 416, 504);
                if (status == 200) {
                    assertThat(DataBufferUtils.join(exchange.getResponse().getBody())
                                    .map(all -> all.toString(StandardCharsets.UTF_8))
                                    .block())
                            .isEqualTo("hello");
                }
            }
        });
    }

    @Fuzzed
    void wellFormedDirectivesAreReadAsTheyWereMeant() {
        Fuzz.tries(4_000, draw -> {
            Random random = draw.random();
            Map<String, String> meant = new LinkedHashMap<>();
            List<String> spelt = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                String name = HeaderTexts.oneOf(random, "max-age", "s-maxage", "private", "no-cache", "x-a", "public");
                String value = HeaderTexts.oneOf(random, "", "60", "0", "a, no-store", "say \"no-store\"", "\\");
                if (meant.putIfAbsent(name, value) == null) {
                    spelt.add(spell(random, name, value));
                }
            }
            HttpHeaders headers = new HttpHeaders();
            headers.set("Cache-Control", String.join(HeaderTexts.oneOf(random, ",", ", ", " ,\t", ",,"), spelt));

            Directives read = Directives.of(headers);

            assertThat(read.has("no-store")).as("%s", headers).isFalse();
            meant.forEach((name, value) -> {
                assertThat(read.has(name)).as("%s in %s", name, headers).isTrue();
                Duration seconds = value.matches("[0-9]+") ? Duration.ofSeconds(Long.parseLong(value)) : Duration.ZERO;
                assertThat(read.seconds(name)).as("%s in %s", name, headers).isEqualTo(seconds);
            });
        });
    }

    private static String spell(Random random, String name, String value) {
        String cased = random.nextBoolean() ? name : name.toUpperCase(Locale.ROOT);
        if (value.isEmpty()) {
            return cased;
        }
        boolean plain = value.matches("[0-9]+") && random.nextBoolean();
        return cased + '=' + (plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }

    @Fuzzed
    void whatForbidsStoringIsFoundBehindWhateverIsBroken() {
        Fuzz.tries(4_000, draw -> {
            Random random = draw.random();
            String broken = HeaderTexts.draw(random, 8, PARTS).replace("\"", "")
                    + HeaderTexts.oneOf(random, "", "=\"", "=\"x\\");
            HttpHeaders headers = new HttpHeaders();
            headers.set("Cache-Control", broken + ", private");

            assertThat(Directives.of(headers).has("private")).as("%s", headers).isTrue();
        });
    }
}
