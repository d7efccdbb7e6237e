package dev.reactivecache.spring.web;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * How long a response is fresh, and how old it was when it came, as its fields say (RFC 9111, section 4.2). Pure: the
 * time is given.
 */
record Freshness(Duration lifetime, Duration age) {

    /** {@code usual} is how long a response is fresh that does not say so itself; null if it is stale then. */
    static Freshness of(Directives directives, HttpHeaders response, @Nullable Duration usual, Instant now) {
        return new Freshness(lifetime(directives, response, usual, now), ageOnArrival(response, now));
    }

    boolean isStale() {
        return lifetime.compareTo(age) <= 0;
    }

    private static Duration lifetime(
            Directives directives, HttpHeaders response, @Nullable Duration usual, Instant now) {
        Duration shared = directives.seconds("s-maxage");
        Duration any = shared != null ? shared : directives.seconds("max-age");
        if (any != null) {
            return any;
        }
        if (!response.containsHeader(HttpHeaders.EXPIRES)) {
            return usual == null ? Duration.ZERO : usual;
        }
        Instant expires = date(response, HttpHeaders.EXPIRES);
        Instant made = date(response, HttpHeaders.DATE);
        if (expires == null) {
            return Duration.ZERO; // a date that cannot be read is in the past (section 5.3)
        }
        Duration lifetime = Duration.between(made == null ? now : made, expires);
        return lifetime.isNegative() ? Duration.ZERO : lifetime;
    }

    /** By {@code Age}, or by {@code Date} if that makes it older (section 4.2.3). */
    static Duration ageOnArrival(HttpHeaders response, Instant now) {
        Duration said = saidAge(response);
        Instant made = date(response, HttpHeaders.DATE);
        long apparent = made == null ? 0 : Duration.between(made, now).toSeconds();
        return said.toSeconds() >= apparent ? said : Duration.ofSeconds(apparent);
    }

    /** Of a list the first; what is no number is not there (section 5.1). */
    private static Duration saidAge(HttpHeaders response) {
        String age = response.getFirst(HttpHeaders.AGE);
        if (age == null) {
            return Duration.ZERO;
        }
        int comma = age.indexOf(',');
        Duration seconds = DeltaSeconds.parse((comma < 0 ? age : age.substring(0, comma)).trim());
        return seconds == null ? Duration.ZERO : seconds;
    }

    private static @Nullable Instant date(HttpHeaders headers, String name) {
        try {
            long millis = headers.getFirstDate(name);
            return millis < 0 ? null : Instant.ofEpochMilli(millis);
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }
}
