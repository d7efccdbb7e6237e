package dev.reactivecache.spring.web;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Reads the dates of header fields. */
final class HttpDates {
    private HttpDates() {}

    /** The date of the first line of a field; null without one, or if it cannot be read. */
    static @Nullable Instant first(HttpHeaders headers, String name) {
        try {
            long millis = headers.getFirstDate(name);
            return millis < 0 ? null : Instant.ofEpochMilli(millis);
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }
}
