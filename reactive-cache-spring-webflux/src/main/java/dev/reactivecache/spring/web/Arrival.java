package dev.reactivecache.spring.web;

import java.time.Duration;
import java.time.Instant;
import org.springframework.http.HttpHeaders;

/**
 * A response that has just come, as far as its head tells.
 *
 * @param setsCookies whether it sets cookies by other means than its fields
 * @param asked when it was asked for
 * @param now when it came
 */
record Arrival(int status, HttpHeaders headers, boolean setsCookies, Instant asked, Instant now) {
    /** How many seconds it took to come: it may be that old, whatever it says (RFC 9111, section 4.2.3). */
    Duration delay() {
        return Duration.ofSeconds(Math.max(0, Duration.between(asked, now).toSeconds()));
    }

    /** The same with other fields, as those of a stored response that it speaks of. */
    Arrival with(int otherStatus, HttpHeaders otherHeaders) {
        return new Arrival(otherStatus, otherHeaders, setsCookies, asked, now);
    }
}
