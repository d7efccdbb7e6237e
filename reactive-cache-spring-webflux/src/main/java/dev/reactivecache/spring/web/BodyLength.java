package dev.reactivecache.spring.web;

import org.springframework.http.HttpHeaders;

/** What {@code Content-Length} says, also if it says nothing that can be read. */
final class BodyLength {
    private static final long UNKNOWN = -1;
    private static final long UNREADABLE = -2;
    private static final int DIGITS_THAT_FIT = 18;

    private BodyLength() {}

    /** How long a message says that its body is; below zero if it does not, or not readably. */
    static long declaredBy(HttpHeaders message) {
        String value = message.getFirst(HttpHeaders.CONTENT_LENGTH);
        if (value == null) {
            return UNKNOWN;
        }
        String digits = value.trim();
        boolean readable = !digits.isEmpty()
                && digits.length() <= DIGITS_THAT_FIT
                && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        return readable ? Long.parseLong(digits) : UNREADABLE;
    }

    /** Whether a body of this length is all that a message announces. */
    static boolean isWhole(HttpHeaders message, int length) {
        long declared = declaredBy(message);
        return declared == UNKNOWN || declared == length;
    }

    /** Whether a request comes with a body, or may. */
    static boolean announcesBody(HttpHeaders request) {
        long declared = declaredBy(request);
        return (declared != UNKNOWN && declared != 0) || request.containsHeader(HttpHeaders.TRANSFER_ENCODING);
    }
}
