package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.fuzz.Fuzz;
import dev.reactivecache.fuzz.Fuzzed;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Parts of stored responses (RFC 9110, section 14). */
class RangesTest extends CachedResponsesFixture {
    private static final String BODY = "0123456789";

    private final CachedResponses atNoon = responses.withClock(() -> Instant.parse("2026-11-30T12:00:00Z"));
    private final WebTestClient client = client(
            atNoon,
            request -> ServerResponse.ok()
                    .header("Date", "Mon, 30 Nov 2026 12:00:00 GMT")
                    .header("Last-Modified", "Mon, 30 Nov 2026 11:00:00 GMT")
                    .eTag("v1")
                    .bodyValue(BODY));

    @ParameterizedTest
    @CsvSource({
        "bytes=0-1, 01, bytes 0-1/10",
        "BYTES=2-2, 2, bytes 2-2/10",
        "bytes=7-, 789, bytes 7-9/10",
        "bytes=7-99999999999, 789, bytes 7-9/10",
        "bytes=-3, 789, bytes 7-9/10",
        "bytes=-99, 0123456789, bytes 0-9/10"
    })
    void aPartOfWhatIsStoredIsAnswered(String range, String part, String contentRange) {
        get(client);

        EntityExchangeResult<String> answer = get(client, "Range", range);

        assertThat(answer.getStatus()).isEqualTo(HttpStatus.PARTIAL_CONTENT);
        assertThat(answer.getResponseBody()).isEqualTo(part);
        assertThat(answer.getResponseHeaders().getFirst("Content-Range")).isEqualTo(contentRange);
        assertThat(answer.getResponseHeaders().getContentLength()).isEqualTo(part.length());
        assertThat(status(answer)).startsWith("http; hit");
        assertThat(calls).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=-0"})
    void aPartThatIsNotThereIsRefused(String range) {
        get(client);

        EntityExchangeResult<String> answer = get(client, "Range", range);

        assertThat(answer.getStatus()).isEqualTo(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE);
        assertThat(answer.getResponseHeaders().getFirst("Content-Range")).isEqualTo("bytes */10");
        assertThat(answer.getResponseBody()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,3-4", "bytes=3-2", "bytes=-", "lines=1-2", "bytes=a-b", "0-1", ""})
    void severalPartsAndWhatIsNoRangeAreTheHandlers(String range) {
        get(client);

        EntityExchangeResult<String> answer = get(client, "Range", range);

        assertThat(calls).hasValue(2);
        assertThat(status(answer)).isEqualTo("http; fwd=bypass; detail=range");
    }

    @Test
    void aPartOfWhatIsNotStoredIsTheHandlers() {
        get(client, "Range", "bytes=0-1");
        get(client, "Range", "bytes=0-1");

        assertThat(calls).hasValue(2);
        assertThat(cache.stats().localSize()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'\"v1\"', 206",
        "'\"v2\"', 200",
        "'W/\"v1\"', 200",
        "'Mon, 30 Nov 2026 11:00:00 GMT', 206",
        "'Mon, 30 Nov 2026 11:00:01 GMT', 200",
        "'yesterday', 200"
    })
    void aPartIsAnsweredIfTheOthersAreOfTheSameResponse(String condition, int status) {
        get(client);

        EntityExchangeResult<String> answer = get(client, "Range", "bytes=0-1", "If-Range", condition);

        assertThat(answer.getStatus().value()).isEqualTo(status);
        assertThat(answer.getResponseBody()).isEqualTo(status == 206 ? "01" : BODY);
        assertThat(calls).hasValue(1);
    }

    @Test
    void whatAClientHasAlreadyIsNotSentInParts() {
        get(client);

        assertThat(get(client, "Range", "bytes=0-1", "If-None-Match", "\"v1\"").getStatus())
                .isEqualTo(HttpStatus.NOT_MODIFIED);
    }

    /** Compares with what is simply cut out. */
    @Fuzzed
    void everyRangeIsCutAsItWasMeant() {
        Fuzz.tries(4_000, draw -> {
            Random random = draw.random();
            int length = random.nextInt(8);
            StoredResponse stored = new StoredResponse(
                    200, new HttpHeaders(), new byte[length], new Freshness(Duration.ZERO, Duration.ZERO));
            int from = random.nextInt(10);
            int to = from + random.nextInt(10);
            var request = new HttpHeaders();
            request.set("Range", "bytes=" + from + "-" + to);

            ByteRange range = ByteRange.of(request, stored);

            assertThat(range).isNotNull();
            assertThat(range.isSatisfiable()).isEqualTo(from < length);
            if (range.isSatisfiable()) {
                assertThat(range.first()).isEqualTo(from);
                assertThat(range.length()).isEqualTo(Math.min(length, to + 1) - from);
            }
        });
    }
}
