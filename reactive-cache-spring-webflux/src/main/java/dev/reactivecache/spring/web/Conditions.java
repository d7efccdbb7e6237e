package dev.reactivecache.spring.web;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Whether a client has already what is stored (RFC 9111, section 4.3.2). */
final class Conditions {
    private static final Pattern TAG = Pattern.compile("(?:W/)?\"[^\"]*+\"");

    private Conditions() {}

    /** Whether a request asks for a response only if it is another than the client has. */
    static boolean areIn(HttpHeaders request) {
        return request.containsHeader(HttpHeaders.IF_NONE_MATCH)
                || request.containsHeader(HttpHeaders.IF_MODIFIED_SINCE);
    }

    /** Whether the answer is 304. {@code If-None-Match}, where it is, is what counts. */
    static boolean areMet(HttpHeaders request, StoredResponse stored) {
        if (stored.status() != 200) {
            return false;
        }
        if (request.containsHeader(HttpHeaders.IF_NONE_MATCH)) {
            String tag = stored.first(HttpHeaders.ETAG);
            return request.getOrEmpty(HttpHeaders.IF_NONE_MATCH).stream().anyMatch(line -> names(line, tag));
        }
        Instant since = HttpDates.first(request, HttpHeaders.IF_MODIFIED_SINCE);
        HttpHeaders headers = stored.headers();
        Instant modified = HttpDates.first(headers, HttpHeaders.LAST_MODIFIED);
        Instant compared = modified == null ? HttpDates.first(headers, HttpHeaders.DATE) : modified;
        return since != null && compared != null && !compared.isAfter(since);
    }

    private static boolean names(String line, @Nullable String tag) {
        if (line.trim().equals("*")) {
            return true;
        }
        Matcher tags = TAG.matcher(line);
        while (tag != null && tags.find()) {
            if (EntityTags.areAlike(tags.group(), tag)) {
                return true;
            }
        }
        return false;
    }
}
