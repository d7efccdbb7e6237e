package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Requests for heads: answered from stored responses, and a word about those that are stale (RFC 9111, 4.3.5). */
class HeadTest extends CachedResponsesFixture {
    private volatile HttpHeaders head = new HttpHeaders();

    private final WebTestClient client = client(request -> request.method().equals(HttpMethod.HEAD)
            ? ServerResponse.ok().headers(all -> all.putAll(head)).build()
            : ServerResponse.ok()
                    .eTag("v1")
                    .header("Last-Modified", "Mon, 30 Nov 2026 11:00:00 GMT")
                    .bodyValue("hello"));

    private void head() {
        client.head().uri("/hello").exchange().expectStatus().isOk();
    }

    @Test
    void aFreshResponseAnswersWithItsHead() {
        get(client);

        client.head()
                .uri("/hello")
                .exchange()
                .expectHeader()
                .contentLength(5)
                .expectHeader()
                .valueEquals("ETag", "\"v1\"")
                .expectBody()
                .isEmpty();

        assertThat(calls).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({
        "ETag, '\"v2\"', true",
        "ETag, 'W/\"v1\"', false",
        "Last-Modified, 'Mon, 30 Nov 2026 11:00:01 GMT', true",
        "Last-Modified, 'Mon, 30 Nov 2026 11:00:00 GMT', false",
        "Content-Length, 6, true",
        "Content-Length, 5, false",
        "X-Else, 1, false"
    })
    void theHeadOfAnotherResponseDropsTheStaleOne(String field, String value, boolean dropped) {
        get(client);
        timer.advanceTimeBy(Duration.ofSeconds(61));
        HttpHeaders now = new HttpHeaders();
        now.set(field, value);
        head = now;

        head();

        assertThat(cache.stats().localSize()).isEqualTo(dropped ? 0 : 1);
    }

    @Test
    void anErrorSaysNothingOfWhatIsStored() {
        WebTestClient failing = client(request -> request.method().equals(HttpMethod.HEAD)
                ? ServerResponse.status(500).header("Content-Length", "9").build()
                : ServerResponse.ok().bodyValue("hello"));
        get(failing);
        timer.advanceTimeBy(Duration.ofSeconds(61));

        failing.head().uri("/hello").exchange();

        assertThat(cache.stats().localSize()).isEqualTo(1);
    }

    @Test
    void theHeadOfAnotherResponseDropsWhatACallHasStored() {
        WebClient outgoing = WebClient.builder()
                .filter(CachedExchanges.of(cache).withPlainConnector())
                .exchangeFunction(SentCalls.to(request -> Mono.just(ClientResponse.create(HttpStatus.OK)
                        .header("Cache-Control", "max-age=60")
                        .header("ETag", request.method().equals(HttpMethod.HEAD) ? "\"v2\"" : "\"v1\"")
                        .body(request.method().equals(HttpMethod.HEAD) ? "" : "hello")
                        .build())))
                .build();
        outgoing.get().uri("http://there/hello").retrieve().toBodilessEntity().block();
        timer.advanceTimeBy(Duration.ofSeconds(61));

        outgoing.head().uri("http://there/hello").retrieve().toBodilessEntity().block();

        assertThat(cache.stats().localSize()).isZero();
    }
}
