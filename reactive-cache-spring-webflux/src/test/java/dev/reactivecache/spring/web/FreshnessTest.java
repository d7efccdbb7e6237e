package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

/** How long responses are fresh, and how old they are when they come. */
class FreshnessTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final String A_MINUTE_AGO = "Mon, 30 Nov 2026 11:59:00 GMT";
    private static final String IN_A_MINUTE = "Mon, 30 Nov 2026 12:01:00 GMT";

    private static HttpHeaders headers(@Nullable String... fields) {
        HttpHeaders headers = new HttpHeaders();
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        return headers;
    }

    private static Freshness of(HttpHeaders headers) {
        return Freshness.of(Directives.of(headers), new Arrival(200, headers, false, NOW, NOW), Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0",
                "7|7",
                "007|7",
                "2147483648|2147483647",
                "99999999999999999999999999|2147483647",
                "0000000000000000000000000000005|5",
                "' 7 '|7"
            })
    void ageIsHowManySecondsItSays(String said, long seconds) {
        assertThat(of(headers("Age", said)).age()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7, 100", "0, 0", "-7", "7.5", "", "x", "7;a=1", "7 7"})
    void anAgeThatIsNotOneNumberIsAsOldAsCanBe(String said) {
        assertThat(of(headers("Age", said)).isStale()).isTrue();
    }

    @Test
    void twoLinesOfAgeAreNotOneNumber() {
        assertThat(of(headers("Age", "0", "Age", "0")).isStale()).isTrue();
    }

    @Test
    void theTimeThatItTookToComeCounts() {
        HttpHeaders headers = headers("Age", "5", "Cache-Control", "max-age=60");
        Arrival slow = new Arrival(200, headers, false, NOW.minusMillis(3_999), NOW);

        assertThat(Freshness.of(Directives.of(headers), slow, null).age()).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void aClockThatWasSetBackDelaysNothing() {
        HttpHeaders headers = headers("Age", "5");
        Arrival backwards = new Arrival(200, headers, false, NOW.plusSeconds(60), NOW);

        assertThat(Freshness.of(Directives.of(headers), backwards, null).age()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-age=60, max-age=5", "max-age=5, max-age=60", "max-age=60, max-age=5, max-age=7"})
    void ofDirectivesThatDisagreeTheStrictestCounts(String cacheControl) {
        assertThat(of(headers("Cache-Control", cacheControl)).lifetime()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-age=60, max-age=x", "max-age=x, max-age=60", "max-age=60, max-age"})
    void aDirectiveThatCannotBeReadIsStricterThanAnyNumber(String cacheControl) {
        assertThat(of(headers("Cache-Control", cacheControl)).lifetime()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "200, '', 100, 10",
        "200, '', 1000000, 3600",
        "599, '', 100, -1",
        "599, public, 100, 10",
        "302, '', 100, -1",
        "404, '', 0, 0",
        "200, '', -100, -1"
    })
    void aGuessIsATenthOfTheTimeSinceTheLastChange(int status, String cacheControl, long secondsAgo, long guess) {
        HttpHeaders headers = new HttpHeaders();
        headers.setLastModified(NOW.minusSeconds(secondsAgo));
        headers.setCacheControl(cacheControl);
        Arrival arrival = new Arrival(status, headers, false, NOW, NOW);

        Duration guessed = UsualLifetime.guessed(Duration.ofHours(1)).of(arrival, Directives.of(headers));

        assertThat(guessed).isEqualTo(guess < 0 ? null : Duration.ofSeconds(guess));
    }

    @Test
    void nothingIsGuessedWithoutALastChange() {
        Arrival arrival = new Arrival(200, new HttpHeaders(), false, NOW, NOW);

        assertThat(UsualLifetime.guessed(Duration.ofHours(1)).of(arrival, Directives.of(arrival.headers())))
                .isNull();
    }

    @Test
    void aResponseIsAtLeastAsOldAsItsDate() {
        assertThat(of(headers("Date", A_MINUTE_AGO)).age()).isEqualTo(Duration.ofMinutes(1));
        assertThat(of(headers("Date", A_MINUTE_AGO, "Age", "5")).age()).isEqualTo(Duration.ofMinutes(1));
        assertThat(of(headers("Date", A_MINUTE_AGO, "Age", "90")).age()).isEqualTo(Duration.ofSeconds(90));
        assertThat(of(headers("Date", IN_A_MINUTE)).age())
                .as("a clock ahead of ours")
                .isZero();
        assertThat(of(headers("Date", "yesterday")).age()).isZero();
    }

    @Test
    void theMostPreciseLifetimeCounts() {
        assertThat(of(headers()).lifetime()).isEqualTo(Duration.ofMinutes(5));
        assertThat(of(headers("Expires", IN_A_MINUTE)).lifetime()).isEqualTo(Duration.ofMinutes(1));
        assertThat(of(headers("Expires", IN_A_MINUTE, "Date", A_MINUTE_AGO)).lifetime())
                .isEqualTo(Duration.ofMinutes(2));
        assertThat(of(headers("Expires", IN_A_MINUTE, "Cache-Control", "max-age=3"))
                        .lifetime())
                .isEqualTo(Duration.ofSeconds(3));
        assertThat(of(headers("Cache-Control", "max-age=3, s-maxage=4")).lifetime())
                .isEqualTo(Duration.ofSeconds(4));
        assertThat(of(headers("Expires", A_MINUTE_AGO)).lifetime()).isZero();
        assertThat(of(headers("Expires", "0")).lifetime()).isZero();
    }

    @Test
    void moreSecondsThanANumberHoldsAreVeryMany() {
        assertThat(of(headers("Cache-Control", "max-age=99999999999999999999")).isStale())
                .isFalse();
        assertThat(of(headers("Cache-Control", "max-age=60", "Age", "9999999999"))
                        .isStale())
                .isTrue();
    }
}
