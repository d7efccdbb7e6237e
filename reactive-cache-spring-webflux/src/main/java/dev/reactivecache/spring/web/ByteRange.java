package dev.reactivecache.spring.web;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The part of a stored response that a request asks for (RFC 9110, section 14): from its first byte to its last.
 *
 * @param last below {@code first} if the response has no such part
 */
record ByteRange(int first, int last, int of) {
    private static final Pattern ONE_RANGE = Pattern.compile("(?i:bytes)=[ \\t]*([0-9]{0,18})-([0-9]{0,18})[ \\t]*");
    private static final Duration STRONG_AFTER = Duration.ofSeconds(1);

    /** Whether a request asks for a part, or would if something is as it was. */
    static boolean isAsked(HttpHeaders request) {
        return request.containsHeader(HttpHeaders.RANGE) || request.containsHeader(HttpHeaders.IF_RANGE);
    }

    /** Whether a request asks for one range of bytes, which can be answered from a whole response. */
    static boolean isOne(HttpHeaders request) {
        return matcher(request) != null;
    }

    private static @Nullable Matcher matcher(HttpHeaders request) {
        List<String> lines = request.getOrEmpty(HttpHeaders.RANGE);
        Matcher range = lines.size() == 1 ? ONE_RANGE.matcher(lines.get(0)) : null;
        boolean readable = range != null
                && range.matches()
                && !(range.group(1).isEmpty() && range.group(2).isEmpty())
                && !isBackwards(range.group(1), range.group(2));
        return readable ? range : null;
    }

    private static boolean isBackwards(String first, String last) {
        return !first.isEmpty() && !last.isEmpty() && Long.parseLong(first) > Long.parseLong(last);
    }

    /** The part of a response that answers a request; null if the whole does. */
    static @Nullable ByteRange of(HttpHeaders request, StoredResponse stored) {
        Matcher range = matcher(request);
        if (range == null || stored.status() != 200 || !isMeant(request, stored)) {
            return null;
        }
        int length = stored.length();
        String first = range.group(1);
        String last = range.group(2);
        if (first.isEmpty()) {
            long suffix = Math.min(length, Long.parseLong(last));
            return new ByteRange((int) (length - suffix), length - 1, length);
        }
        long from = Math.min(length, Long.parseLong(first));
        long to = last.isEmpty() ? length - 1 : Math.min(length - 1, Long.parseLong(last));
        return new ByteRange((int) from, (int) to, length);
    }

    /** By {@code If-Range}: whether the client's other parts are of this response (RFC 9110, section 13.1.5). */
    private static boolean isMeant(HttpHeaders request, StoredResponse stored) {
        String condition = request.getFirst(HttpHeaders.IF_RANGE);
        if (condition == null || EntityTags.areSame(condition, stored.first(HttpHeaders.ETAG))) {
            return true;
        }
        HttpHeaders headers = stored.headers();
        Instant modified = HttpDates.first(headers, HttpHeaders.LAST_MODIFIED);
        Instant made = HttpDates.first(headers, HttpHeaders.DATE);
        return modified != null
                && made != null
                && !made.isBefore(modified.plus(STRONG_AFTER))
                && condition.equals(headers.getFirst(HttpHeaders.LAST_MODIFIED));
    }

    boolean isSatisfiable() {
        return first <= last && first < of;
    }

    int length() {
        return last - first + 1;
    }

    /** The value of {@code Content-Range}. */
    String contentRange() {
        return isSatisfiable() ? "bytes " + first + '-' + last + '/' + of : "bytes */" + of;
    }
}
