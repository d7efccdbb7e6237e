package dev.reactivecache.spring.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

/** Directives for some caches only (RFC 9213). */
class TargetedFieldTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @Test
    void aDictionaryIsRead() {
        assertThat(TargetedField.parse(
                        List.of("max-age=60, no-store;why=\"a, \\\"b\\\"\"", "s=\"x\",private=?0 ,must-revalidate")))
                .isEqualTo(Map.of("max-age", "60", "no-store", "", "s", "\"x\"", "must-revalidate", ""));
    }

    @Test
    void ofTwoMembersWithOneNameTheLastCounts() {
        assertThat(TargetedField.parse(List.of("max-age=60, max-age=5"))).isEqualTo(Map.of("max-age", "5"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "max-age=60,",
                ",max-age=60",
                "max-age=",
                "Max-Age=60",
                "max-age = 60",
                "a=\"b",
                "a=(1 2",
                "max-age=60 private",
                "a;b;",
                "ä=1"
            })
    void oneThatCannotBeReadIsNotThere(String malformed) {
        assertThat(TargetedField.parse(List.of(malformed))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,", "a=\"b\\\\\",", "a;b", "\"", "a=\"\\\""})
    void longInputIsReadWithoutRecursion(String part) {
        TargetedField.parse(List.of(part.repeat(50_000)));
    }

    private static Freshness freshness(String... fields) {
        HttpHeaders headers = new HttpHeaders();
        for (int i = 0; i < fields.length; i += 2) {
            headers.add(fields[i], fields[i + 1]);
        }
        Directives directives = Directives.of(headers, List.of("Shop-Cache-Control", "CDN-Cache-Control"));
        return Freshness.of(directives, new Arrival(200, headers, false, NOW, NOW), null);
    }

    @Test
    void theFirstFieldThatIsThereSaysAll() {
        String expires = "Mon, 30 Nov 2026 13:00:00 GMT";
        assertThat(freshness(
                                "CDN-Cache-Control",
                                "max-age=5",
                                "Cache-Control",
                                "no-store, max-age=60",
                                "Expires",
                                expires)
                        .lifetime())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(freshness("CDN-Cache-Control", "max-age=5", "Shop-Cache-Control", "max-age=7")
                        .lifetime())
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(freshness("CDN-Cache-Control", "must-revalidate", "Expires", expires)
                        .lifetime())
                .as("Expires is not for this cache")
                .isZero();
    }

    @Test
    void aFieldThatCannotBeReadLeavesCacheControl() {
        assertThat(freshness("CDN-Cache-Control", "max-age=5 &", "Cache-Control", "max-age=60")
                        .lifetime())
                .isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aNumberThatIsNoneIsZero() {
        assertThat(freshness("CDN-Cache-Control", "max-age=soon", "Cache-Control", "max-age=60")
                        .isStale())
                .isTrue();
    }
}
