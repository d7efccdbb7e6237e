package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What calls with conditions, for parts, and for variants get from a cache in the client. */
class StoredCallsTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, StoredResponse> cache =
            CachedResponses.cache("calls").timer(timer).jitter(0).build();
    private final List<ClientRequest> requests = new ArrayList<>();

    private WebClient client(HttpCacheOptions options, UnaryOperator<ClientResponse.Builder> answer) {
        return WebClient.builder()
                .filter(CachedExchanges.of(cache)
                        .withOptions(options)
                        .withPlainConnector()
                        .withClock(() -> NOON))
                .exchangeFunction(SentCalls.to(request -> {
                    requests.add(request);
                    ClientResponse.Builder fresh = ClientResponse.create(HttpStatus.OK)
                            .header("Content-Type", "text/plain")
                            .header("Cache-Control", "max-age=60")
                            .header("ETag", "\"v1\"")
                            .header("Date", "Mon, 30 Nov 2026 12:00:00 GMT")
                            .header("Last-Modified", "Mon, 30 Nov 2026 11:00:00 GMT")
                            .body("0123456789");
                    return Mono.just(answer.apply(fresh).build());
                }))
                .build();
    }

    private final WebClient client = client(HttpCacheOptions.defaults(), response -> response);

    private static ResponseEntity<String> get(WebClient client, String... header) {
        var request = client.get().uri("http://there/hello");
        for (int i = 0; i < header.length; i += 2) {
            request.header(header[i], header[i + 1]);
        }
        return request.retrieve()
                .onStatus(status -> true, response -> Mono.empty())
                .toEntity(String.class)
                .block();
    }

    @ParameterizedTest
    @CsvSource({
        "If-None-Match, '\"v1\"', 304",
        "If-None-Match, 'W/\"v1\"', 304",
        "If-None-Match, '\"a\", \"v1\", \"b\"', 304",
        "If-None-Match, '*', 304",
        "If-None-Match, '\"v2\"', 200",
        "If-None-Match, 'v1', 200",
        "If-Modified-Since, 'Mon, 30 Nov 2026 11:00:00 GMT', 304",
        "If-Modified-Since, 'Monday, 30-Nov-26 11:30:00 GMT', 304",
        "If-Modified-Since, 'Mon, 30 Nov 2026 10:59:59 GMT', 200",
        "If-Modified-Since, 'yesterday', 200"
    })
    void conditionsAreAnsweredFromWhatIsStored(String field, String value, int status) {
        get(client);

        ResponseEntity<String> answer = get(client, field, value);

        assertThat(answer.getStatusCode().value()).isEqualTo(status);
        assertThat(answer.getBody()).isEqualTo(status == 304 ? null : "0123456789");
        assertThat(answer.getHeaders().getETag()).isEqualTo("\"v1\"");
        assertThat(requests).hasSize(1);
    }

    @Test
    void aTagCountsMoreThanADate() {
        get(client);

        assertThat(get(client, "If-None-Match", "\"v2\"", "If-Modified-Since", "Mon, 30 Nov 2026 11:00:00 GMT")
                        .getStatusCode())
                .isEqualTo(HttpStatus.OK);
    }

    @Test
    void conditionsOfWhatIsNotStoredAreTheServers() {
        get(client, "If-None-Match", "\"v1\"");

        assertThat(requests.get(0).headers().getIfNoneMatch()).containsExactly("\"v1\"");
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void aRangeIsAnsweredFromWhatIsStored() {
        get(client);

        ResponseEntity<String> part = get(client, "Range", "bytes=2-4");

        assertThat(part.getStatusCode()).isEqualTo(HttpStatus.PARTIAL_CONTENT);
        assertThat(part.getBody()).isEqualTo("234");
        assertThat(part.getHeaders().getFirst("Content-Range")).isEqualTo("bytes 2-4/10");
        assertThat(part.getHeaders().getContentLength()).isEqualTo(3);
        assertThat(get(client, "Range", "bytes=10-").getStatusCode())
                .isEqualTo(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE);
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,3-4", "lines=1-2"})
    void otherRangesAreTheServers(String range) {
        get(client);

        get(client, "Range", range);

        assertThat(requests).hasSize(2);
        assertThat(requests.get(1).headers().getFirst("Range")).isEqualTo(range);
    }

    @Test
    void variantsAreKeptBesideEachOther() {
        WebClient varying = client(
                HttpCacheOptions.defaults(),
                response -> response.header("Vary", "Foo")
                        .body("for "
                                + requests.get(requests.size() - 1).headers().getFirst("Foo")));

        for (int round = 0; round < 2; round++) {
            assertThat(get(varying, "Foo", "1").getBody()).isEqualTo("for 1");
            assertThat(get(varying, "Foo", "2").getBody()).isEqualTo("for 2");
            assertThat(get(varying).getBody()).isEqualTo("for null");
        }

        assertThat(requests).hasSize(3);
    }

    @Test
    void whatVariesByAFieldThatALaterFilterChangesIsNotStored() {
        WebClient changing = client(HttpCacheOptions.defaults(), response -> response.header("Vary", "Foo"))
                .mutate()
                .filters(filters -> filters.add((request, next) -> next.exchange(ClientRequest.from(request)
                        .headers(headers -> headers.set("Foo", "changed"))
                        .build())))
                .build();

        get(changing, "Foo", "1");

        assertThat(cache.stats().localSize()).isZero();
        assertThat(requests).hasSize(1);
    }

    private WebClient tagging(Function<ClientRequest, List<String>> tags) {
        return WebClient.builder()
                .filter(CachedExchanges.of(cache).withPlainConnector().withTags(tags))
                .exchangeFunction(SentCalls.to(request -> {
                    requests.add(request);
                    return Mono.just(ClientResponse.create(HttpStatus.OK)
                            .header("Cache-Control", "max-age=60")
                            .body("hello")
                            .build());
                }))
                .build();
    }

    @Test
    void tagsOfRequestsDropWhatIsStored() {
        WebClient tagging =
                tagging(request -> List.of("path:" + request.url().getPath().substring(1)));
        get(tagging);

        cache.invalidateTag("path:other").block();
        get(tagging);
        assertThat(requests).hasSize(1);

        cache.invalidateTag("path:hello").block();
        get(tagging);
        assertThat(requests).hasSize(2);
    }

    @Test
    void aFunctionOfTagsThatFailsKeepsTheResponseFromBeingStored() {
        WebClient failing = tagging(request -> {
            throw new IllegalStateException("no tags");
        });

        assertThat(get(failing).getBody()).isEqualTo("hello");
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void cookiesAreSharedOnlyWhereThatIsAskedFor() {
        WebClient sharing = client(
                HttpCacheOptions.defaults().withSharedSetCookie(), response -> response.header("Set-Cookie", "a=b"));
        get(sharing);
        assertThat(get(sharing).getHeaders().get("Set-Cookie")).containsExactly("a=b");
        assertThat(requests).hasSize(1);

        ResponseEntity<String> others = get(client);

        assertThat(others.getHeaders().get("Set-Cookie"))
                .as("stored by one who shares, asked for by one who does not")
                .isNull();
        assertThat(requests).hasSize(2);
    }

    @Test
    void whatMustBeValidatedIsAskedAboutEachTime() {
        WebClient validating = client(
                HttpCacheOptions.defaults().withValidatedResponses(),
                response -> requests.size() == 1
                        ? response.headers(headers -> headers.setCacheControl("no-cache"))
                        : ClientResponse.create(HttpStatus.NOT_MODIFIED).header("Cache-Control", "no-cache"));
        get(validating);

        for (int i = 0; i < 3; i++) {
            ResponseEntity<String> validated = get(validating);
            assertThat(validated.getBody()).isEqualTo("0123456789");
            assertThat(validated.getHeaders().getFirst("Cache-Status")).contains("fwd-status=304");
        }

        assertThat(requests).hasSize(4);
        assertThat(requests.get(3).headers().getIfNoneMatch()).containsExactly("\"v1\"");
    }

    @Test
    void fieldsOfA304ReplaceThoseThatAreStoredButForTheBodys() {
        WebClient validating = client(
                HttpCacheOptions.defaults(),
                response -> requests.size() == 1
                        ? response.header("Content-MD5", "old").header("X-Note", "old")
                        : ClientResponse.create(HttpStatus.NOT_MODIFIED)
                                .header("Content-Type", "text/plain;charset=utf-8")
                                .header("Content-MD5", "new")
                                .header("Content-Digest", "new")
                                .header("X-Note", "new"));
        get(validating);
        timer.advanceTimeBy(Duration.ofSeconds(61));

        var headers = get(validating).getHeaders();

        assertThat(headers.getFirst("Content-MD5")).isEqualTo("old");
        assertThat(headers.containsHeader("Content-Digest")).isFalse();
        assertThat(headers.getFirst("X-Note")).isEqualTo("new");
        assertThat(headers.getFirst("Content-Type")).isEqualTo("text/plain;charset=utf-8");
    }
}
