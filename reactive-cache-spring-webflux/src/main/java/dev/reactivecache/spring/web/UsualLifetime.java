package dev.reactivecache.spring.web;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** How long a response is fresh that does not say so itself. */
record UsualLifetime(@Nullable Duration fixed, @Nullable Duration longestGuess) {
    /** Statuses whose responses may be kept although nothing says so (RFC 9110, section 15.1), 206 left out. */
    static final Set<Integer> CACHEABLE_BY_DEFAULT = Set.of(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501);

    private static final int PART = 10;

    /** Always so long. */
    static UsualLifetime of(Duration fixed) {
        return new UsualLifetime(fixed, null);
    }

    /** Not at all. */
    static UsualLifetime none() {
        return new UsualLifetime(null, null);
    }

    /** A tenth of the time that it has not changed for (RFC 9111, section 4.2.2), at most this long. */
    static UsualLifetime guessed(Duration longest) {
        return new UsualLifetime(null, longest);
    }

    /** Of one response; null if it is stale when it comes. */
    @Nullable
    Duration of(Arrival response, Directives directives) {
        if (longestGuess == null) {
            return fixed;
        }
        Instant modified = HttpDates.first(response.headers(), HttpHeaders.LAST_MODIFIED);
        boolean guessable = CACHEABLE_BY_DEFAULT.contains(response.status()) || directives.has("public");
        if (modified == null || !guessable) {
            return null;
        }
        Duration guess = Duration.between(modified, Freshness.made(response)).dividedBy(PART);
        return guess.isNegative() ? null : guess.compareTo(longestGuess) < 0 ? guess : longestGuess;
    }
}
