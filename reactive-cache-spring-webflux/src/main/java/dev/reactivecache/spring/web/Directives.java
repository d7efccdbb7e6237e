package dev.reactivecache.spring.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** The directives of {@code Cache-Control}, in a request or a response (RFC 9111, section 5.2). */
final class Directives {
    private static final Pattern DIRECTIVE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,;\"]*)))?");

    /** What more seconds than a number can hold stand for (section 1.2.2). */
    private static final long LONGEST_SECONDS = Integer.MAX_VALUE;

    private final Map<String, String> values;

    private Directives(Map<String, String> values) {
        this.values = values;
    }

    static Directives of(HttpHeaders headers) {
        List<String> lines = headers.getOrEmpty(HttpHeaders.CACHE_CONTROL);
        Map<String, String> values = new HashMap<>();
        for (String line : lines) {
            Matcher directive = DIRECTIVE.matcher(line);
            while (directive.find()) {
                String quoted = directive.group(2);
                String plain = directive.group(3) == null ? "" : directive.group(3);
                values.putIfAbsent(directive.group(1).toLowerCase(Locale.ROOT), quoted == null ? plain : quoted);
            }
        }
        boolean pragma =
                lines.isEmpty() && headers.getOrEmpty(HttpHeaders.PRAGMA).contains("no-cache");
        if (pragma) {
            values.put("no-cache", "");
        }
        return new Directives(values);
    }

    boolean has(String directive) {
        return values.containsKey(directive);
    }

    boolean hasOneOf(String... directives) {
        for (String directive : directives) {
            if (has(directive)) {
                return true;
            }
        }
        return false;
    }

    /** A directive's seconds; zero, which is stale, if they cannot be read (section 4.2.1); null without the directive. */
    @Nullable
    Duration seconds(String directive) {
        String value = values.get(directive);
        if (value == null) {
            return null;
        }
        if (value.isEmpty() || !value.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return Duration.ZERO;
        }
        return Duration.ofSeconds(value.length() > 9 ? LONGEST_SECONDS : Long.parseLong(value));
    }
}
