package dev.reactivecache.spring.web;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads what RFC 9111 calls delta-seconds (section 1.2.2). */
final class DeltaSeconds {
    /** What more seconds than a number can hold stand for. */
    static final Duration LONGEST = Duration.ofSeconds(Integer.MAX_VALUE);

    private static final int DIGITS_THAT_FIT = 9;

    private DeltaSeconds() {}

    /** So many seconds, however many digits there are; null if it is anything but digits. */
    static @Nullable Duration parse(String text) {
        if (text.isEmpty() || !text.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return null;
        }
        int significant = 0;
        while (significant < text.length() - 1 && text.charAt(significant) == '0') {
            significant++;
        }
        String digits = text.substring(significant);
        return digits.length() > DIGITS_THAT_FIT ? LONGEST : Duration.ofSeconds(Long.parseLong(digits));
    }
}
