package dev.reactivecache.spring.web;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * How long a response is fresh, and how old it was when it came, as its fields say (RFC 9111, section 4.2). Pure: the
 * time is given.
 */
record Freshness(Duration lifetime, Duration age) {

    /** {@code usual} is how long a response is fresh that does not say so itself; null if it is stale then. */
    static Freshness of(Directives directives, Arrival response, @Nullable Duration usual) {
        return new Freshness(lifetime(directives, response, usual), ageOnArrival(response));
    }

    boolean isStale() {
        return lifetime.compareTo(age) <= 0;
    }

    /** Of the same age, and not fresh at all: to be validated before each use. */
    Freshness spent() {
        return new Freshness(Duration.ZERO, age);
    }

    private static Duration lifetime(Directives directives, Arrival response, @Nullable Duration usual) {
        Duration shared = directives.seconds("s-maxage");
        Duration any = shared != null ? shared : directives.seconds("max-age");
        if (any != null) {
            return any;
        }
        if (directives.areTargeted() || !response.headers().containsHeader(HttpHeaders.EXPIRES)) {
            return usual == null ? Duration.ZERO : usual;
        }
        Instant expires = HttpDates.first(response.headers(), HttpHeaders.EXPIRES);
        if (expires == null) {
            return Duration.ZERO; // a date that cannot be read is in the past (section 5.3)
        }
        Duration lifetime = Duration.between(made(response), expires);
        return lifetime.isNegative() ? Duration.ZERO : lifetime;
    }

    /** When it says that it was made. */
    static Instant made(Arrival response) {
        Instant date = HttpDates.first(response.headers(), HttpHeaders.DATE);
        return date == null ? response.now() : date;
    }

    /** By {@code Age} and the time that it took, or by {@code Date} if that makes it older (section 4.2.3). */
    private static Duration ageOnArrival(Arrival response) {
        Duration corrected = saidAge(response.headers()).plus(response.delay());
        long apparent = Duration.between(made(response), response.now()).toSeconds();
        return corrected.toSeconds() >= apparent ? corrected : Duration.ofSeconds(apparent);
    }

    /** What is not one number says only that somebody on the way is wrong: as old as can be. */
    private static Duration saidAge(HttpHeaders response) {
        List<String> ages = response.getOrEmpty(HttpHeaders.AGE);
        if (ages.isEmpty()) {
            return Duration.ZERO;
        }
        Duration seconds = ages.size() == 1 ? DeltaSeconds.parse(ages.get(0).trim()) : null;
        return seconds == null ? DeltaSeconds.LONGEST : seconds;
    }
}
