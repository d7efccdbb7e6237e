package dev.reactivecache.spring.web;

import org.springframework.http.HttpHeaders;

/**
 * A request, as far as it decides what becomes of its response.
 *
 * @param authorized whether it is known who asks, be it by {@code Authorization}, a principal or a certificate
 */
record Asked(HttpHeaders headers, boolean authorized) {
    /** A request of somebody who is known by nothing but its fields. */
    static Asked by(HttpHeaders headers) {
        return new Asked(headers, headers.containsHeader(HttpHeaders.AUTHORIZATION));
    }

    /** The same, of somebody who is known. */
    Asked bySomebodyKnown() {
        return new Asked(headers, true);
    }
}
