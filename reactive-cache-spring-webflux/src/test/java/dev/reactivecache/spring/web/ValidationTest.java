package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Stale responses are asked about, and kept if they are good still. */
class ValidationTest {
    private static final String TAG = "\"v1\"";

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, StoredResponse> cache =
            CachedResponses.cache("calls").timer(timer).jitter(0).build();
    private final List<ClientRequest> requests = new ArrayList<>();
    private final Deque<Mono<ClientResponse>> replies = new ArrayDeque<>();
    private volatile Instant now = Instant.parse("2026-11-10T12:00:00Z");
    private final WebClient client = WebClient.builder()
            .filter(CachedExchanges.of(cache).withPlainConnector().withClock(() -> now))
            .exchangeFunction(SentCalls.to(request -> {
                requests.add(request);
                return replies.remove();
            }))
            .build();

    private void reply(HttpStatus status, String body, String... headers) {
        ClientResponse.Builder response = ClientResponse.create(status).header("Content-Type", "text/plain");
        for (int i = 0; i < headers.length; i += 2) {
            response.header(headers[i], headers[i + 1]);
        }
        replies.add(Mono.just(response.body(body).build()));
    }

    private void stored(String... headers) {
        String[] all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Cache-Control";
        all[headers.length + 1] = "max-age=60";
        reply(HttpStatus.OK, "hello", all);
        assertThat(get().getBody()).isEqualTo("hello");
        timer.advanceTimeBy(Duration.ofSeconds(61));
    }

    private Mono<ResponseEntity<String>> call(String... headers) {
        return client.get()
                .uri("http://there/hello")
                .headers(all -> {
                    for (int i = 0; i < headers.length; i += 2) {
                        all.set(headers[i], headers[i + 1]);
                    }
                })
                .retrieve()
                .onStatus(status -> true, response -> Mono.empty())
                .toEntity(String.class);
    }

    private ResponseEntity<String> get(String... headers) {
        return call(headers).block();
    }

    private HttpHeaders lastRequest() {
        return requests.get(requests.size() - 1).headers();
    }

    @Test
    void whatIsGoodStillIsFreshForAnotherWhileWithWhatTheServerSaid() {
        stored("ETag", TAG, "X-Version", "1", "X-Stays", "yes");
        reply(HttpStatus.NOT_MODIFIED, "", "ETag", TAG, "Cache-Control", "max-age=30", "X-Version", "2", "Age", "4");

        ResponseEntity<String> validated = get();

        assertThat(lastRequest().getIfNoneMatch()).containsExactly(TAG);
        assertThat(validated.getStatusCode()).isEqualTo(HttpStatus.OK);
        assertThat(validated.getBody()).isEqualTo("hello");
        assertThat(validated.getHeaders().getFirst("X-Version")).isEqualTo("2");
        assertThat(validated.getHeaders().getFirst("X-Stays")).isEqualTo("yes");
        assertThat(validated.getHeaders().getFirst("Age")).isEqualTo("4");
        assertThat(validated.getHeaders().getFirst("Cache-Status"))
                .isEqualTo("calls; fwd=stale; fwd-status=304; stored; ttl=26");

        timer.advanceTimeBy(Duration.ofSeconds(25));
        assertThat(get().getHeaders().getFirst("Cache-Status")).isEqualTo("calls; hit; ttl=1");
        assertThat(requests).hasSize(2);
    }

    @Test
    void theDateOfTheLastModificationIsAskedAboutToo() {
        String modified = "Tue, 10 Nov 2026 10:00:00 GMT";
        stored("Last-Modified", modified);
        reply(HttpStatus.NOT_MODIFIED, "");

        assertThat(get().getBody()).isEqualTo("hello");

        assertThat(lastRequest().getFirst("If-Modified-Since")).isEqualTo(modified);
        assertThat(lastRequest().containsHeader("If-None-Match")).isFalse();
        assertThat(get().getHeaders().getFirst("Cache-Status")).isEqualTo("calls; hit; ttl=60");
    }

    @Test
    void whatHasChangedReplacesWhatWasStored() {
        stored("ETag", TAG);
        reply(HttpStatus.OK, "changed", "ETag", "\"v2\"", "Cache-Control", "max-age=60");

        assertThat(get().getBody()).isEqualTo("changed");
        assertThat(get().getBody()).isEqualTo("changed");
        assertThat(requests).hasSize(2);
    }

    @Test
    void whatHasNothingToAskAboutIsAskedForAnew() {
        stored();
        reply(HttpStatus.OK, "changed");

        assertThat(get().getBody()).isEqualTo("changed");

        assertThat(lastRequest().containsHeader("If-None-Match")).isFalse();
        assertThat(lastRequest().containsHeader("If-Modified-Since")).isFalse();
    }

    @Test
    void callsThatWantValidationGetIt() {
        reply(HttpStatus.OK, "hello", "ETag", TAG, "Cache-Control", "max-age=60");
        get();
        reply(HttpStatus.NOT_MODIFIED, "", "ETag", "W/" + TAG);

        assertThat(get("Cache-Control", "no-cache").getBody()).isEqualTo("hello");
        assertThat(lastRequest().getIfNoneMatch()).containsExactly(TAG);
    }

    @Test
    void aServerThatSpeaksOfAnotherResponseIsAskedForTheWhole() {
        stored("ETag", TAG);
        reply(HttpStatus.NOT_MODIFIED, "", "ETag", "\"other\"");
        reply(HttpStatus.OK, "whole", "Cache-Control", "max-age=60");

        assertThat(get().getBody()).isEqualTo("whole");

        assertThat(lastRequest().containsHeader("If-None-Match")).isFalse();
        assertThat(get().getBody()).isEqualTo("whole");
        assertThat(requests).hasSize(3);
    }

    @Test
    void whatMayNotBeStoredAnyMoreAnswersOnce() {
        stored("ETag", TAG);
        reply(HttpStatus.NOT_MODIFIED, "", "ETag", TAG, "Cache-Control", "no-store");
        reply(HttpStatus.OK, "anew");

        ResponseEntity<String> once = get();

        assertThat(once.getBody()).isEqualTo("hello");
        assertThat(once.getHeaders().getFirst("Cache-Status")).isEqualTo("calls; fwd=stale; detail=no-store");
        assertThat(cache.stats().localSize()).isZero();
        assertThat(get().getBody()).isEqualTo("anew");
    }

    @Test
    void whatIsValidatedForOneClientAloneIsNotStored() {
        stored("ETag", TAG);
        reply(HttpStatus.NOT_MODIFIED, "", "ETag", TAG, "Set-Cookie", "session=1");

        assertThat(get().getBody()).isEqualTo("hello");
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void fieldsOfTheBodyStayWithTheBody() {
        stored("ETag", TAG);
        reply(HttpStatus.NOT_MODIFIED, "", "ETag", TAG, "Content-Length", "0", "Content-Encoding", "gzip");

        HttpHeaders headers = get().getHeaders();

        assertThat(headers.getContentLength()).isEqualTo(5);
        assertThat(headers.containsHeader("Content-Encoding")).isFalse();
    }

    @Test
    void anOldDateDoesNotMakeAnOldExpiryANewLife() {
        reply(HttpStatus.OK, "hello", "ETag", TAG, "Date", httpDate(now), "Expires", httpDate(now.plusSeconds(3600)));
        get();
        now = now.plusSeconds(2 * 3600);
        reply(HttpStatus.NOT_MODIFIED, "", "ETag", TAG);

        ResponseEntity<String> validated = get("Cache-Control", "no-cache");

        assertThat(validated.getHeaders().getFirst("Cache-Status")).isEqualTo("calls; fwd=stale; detail=stale");
    }

    private static String httpDate(Instant date) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(ZoneOffset.UTC));
    }

    @Test
    void errorsOfAValidationAreTheCallers() {
        stored("ETag", TAG);
        reply(HttpStatus.SERVICE_UNAVAILABLE, "down");

        assertThat(get().getStatusCode()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
    }

    @Test
    void aHundredCallsAskOnce() {
        stored("ETag", TAG);
        Sinks.One<ClientResponse> reply = Sinks.one();
        replies.add(reply.asMono());
        List<CompletableFuture<ResponseEntity<String>>> all =
                IntStream.range(0, 100).mapToObj(i -> call().toFuture()).toList();

        reply.tryEmitValue(ClientResponse.create(HttpStatus.NOT_MODIFIED)
                        .header("ETag", TAG)
                        .build())
                .orThrow();

        assertThat(requests).hasSize(2);
        assertThat(all).allSatisfy(each -> assertThat(each.join().getBody()).isEqualTo("hello"));
    }
}
