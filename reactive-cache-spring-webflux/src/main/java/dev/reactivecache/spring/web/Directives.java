package dev.reactivecache.spring.web;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** The directives of {@code Cache-Control}, in a request or a response (RFC 9111, section 5.2). */
final class Directives {
    private final Map<String, String> values;
    private final boolean targeted;

    private Directives(Map<String, String> values, boolean targeted) {
        this.values = values;
        this.targeted = targeted;
    }

    /**
     * Those that a response has for a cache that goes by these targeted fields: of the first that it has and that can
     * be read, else of {@code Cache-Control} (RFC 9213, section 2.2).
     */
    static Directives of(HttpHeaders response, List<String> targetedFields) {
        for (String field : targetedFields) {
            Map<String, String> targeted = TargetedField.parse(response.getOrEmpty(field));
            if (targeted != null) {
                return new Directives(targeted, true);
            }
        }
        return of(response);
    }

    static Directives of(HttpHeaders headers) {
        List<String> lines = headers.getOrEmpty(HttpHeaders.CACHE_CONTROL);
        Map<String, String> values = new HashMap<>();
        for (String line : lines) {
            if (line != null) {
                new Scanner(line).scan(values);
            }
        }
        boolean pragma =
                lines.isEmpty() && headers.getOrEmpty(HttpHeaders.PRAGMA).contains("no-cache");
        if (pragma) {
            values.put("no-cache", "");
        }
        return new Directives(values, false);
    }

    /** Whether they are of a field that is for caches like this one, which means that {@code Expires} is not. */
    boolean areTargeted() {
        return targeted;
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

    /**
     * A directive's seconds; zero, which is stale, if they cannot be read (section 4.2.1); null without the directive.
     */
    @Nullable
    Duration seconds(String directive) {
        String value = values.get(directive);
        if (value == null) {
            return null;
        }
        Duration seconds = DeltaSeconds.parse(value);
        return seconds == null ? Duration.ZERO : seconds;
    }

    /**
     * Reads one line. Whatever is no directive is passed over, and a quoted string without an end ends at the next
     * comma, so that broken input hides no directive that comes after it.
     */
    private static final class Scanner {
        private final String line;
        private int at;

        Scanner(String line) {
            this.line = line;
        }

        void scan(Map<String, String> values) {
            while (at < line.length()) {
                String name = token();
                if (name.isEmpty()) {
                    at++;
                } else {
                    String known = name.toLowerCase(Locale.ROOT);
                    values.merge(known, value(), (one, other) -> stricter(known, one, other));
                }
            }
        }

        /** Of two values of one directive: what cannot be read is as strict as can be. */
        private static String stricter(String directive, String one, String other) {
            Duration first = DeltaSeconds.parse(one);
            Duration second = DeltaSeconds.parse(other);
            if (first == null || second == null) {
                return first == null ? one : other;
            }
            boolean less = first.compareTo(second) <= 0;
            return less == directive.equals("min-fresh") ? other : one;
        }

        private String token() {
            int begin = at;
            while (at < line.length() && FieldSyntax.isOfToken(line.charAt(at))) {
                at++;
            }
            return line.substring(begin, at);
        }

        private String value() {
            int afterName = at;
            skipSpace();
            if (at == line.length() || line.charAt(at) != '=') {
                at = afterName;
                return "";
            }
            at++;
            skipSpace();
            String quoted = at < line.length() && line.charAt(at) == '"' ? quoted() : null;
            return quoted == null ? plain() : quoted;
        }

        private void skipSpace() {
            while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
                at++;
            }
        }

        /** Null, and nothing is read, if the string has no end. */
        private @Nullable String quoted() {
            StringBuilder text = new StringBuilder();
            for (int i = at + 1; i < line.length(); i++) {
                char c = line.charAt(i);
                if (c == '"') {
                    at = i + 1;
                    return text.toString();
                }
                boolean escaped = c == '\\' && i + 1 < line.length();
                text.append(escaped ? line.charAt(++i) : c);
            }
            return null;
        }

        private String plain() {
            int begin = at;
            while (at < line.length() && " \t,;".indexOf(line.charAt(at)) < 0) {
                at++;
            }
            return line.substring(begin, at);
        }
    }
}
