package dev.reactivecache.spring.web;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.http.HttpHeaders;

/**
 * Which of several responses to one URI answers a request: the one that was made for a request with the same values of
 * the fields that its {@code Vary} names (RFC 9111, section 4.1). Fields that are part of every key are not looked at.
 * Values are kept as digests, since they may be long, or secret.
 */
final class Variants {
    /** What a response is kept with that depends on nothing but its key. */
    static final String ALL = "";

    private final HttpCacheOptions options;

    Variants(HttpCacheOptions options) {
        this.options = options;
    }

    /** Whether a response with this {@code Vary} can be kept: one that depends on who asks cannot. */
    boolean canBeTold(HttpHeaders response) {
        return response.getVary().stream()
                .allMatch(name -> options.varyBy().contains(name) || (!name.equals("*") && !tellsWhoAsks(name)));
    }

    private boolean tellsWhoAsks(String name) {
        return HttpHeaders.AUTHORIZATION.equalsIgnoreCase(name)
                || HttpHeaders.COOKIE.equalsIgnoreCase(name)
                || options.credentials().contains(name);
    }

    /** What a request has of the fields that a response depends on. */
    String of(HttpHeaders response, HttpHeaders request) {
        return of(selecting(response.getVary()), request);
    }

    /** Whether a stored response was made for such a request. */
    boolean match(StoredResponse stored, HttpHeaders request) {
        return stored.variant().equals(ALL)
                || stored.variant().equals(of(selecting(stored.headers().getVary()), request));
    }

    /**
     * The key under which the response for a request may be, when the one that is under a lesser key was made for
     * another.
     *
     * @param fields all fields that were found to matter so far; what this response depends on is added
     */
    String key(String base, NavigableSet<String> fields, StoredResponse other, HttpHeaders request) {
        fields.addAll(selecting(other.headers().getVary()));
        return base + "\n(vary) " + String.join(",", fields) + ' ' + of(fields, request);
    }

    private NavigableSet<String> selecting(List<String> vary) {
        NavigableSet<String> fields = new TreeSet<>();
        Set<String> inKey = options.varyBy();
        vary.stream()
                .filter(name -> !inKey.contains(name))
                .map(name -> name.toLowerCase(Locale.ROOT))
                .forEach(fields::add);
        return fields;
    }

    /** One line for each line of a field: none is not an empty one, nor are two lines one with a comma. */
    private static String of(Collection<String> fields, HttpHeaders request) {
        if (fields.isEmpty()) {
            return ALL;
        }
        StringBuilder values = new StringBuilder();
        for (String name : fields) {
            List<String> lines = request.getOrEmpty(name);
            values.append(name).append(' ').append(lines.size()).append('\n');
            lines.forEach(line ->
                    values.append(line.length()).append(' ').append(line).append('\n'));
        }
        return Digests.shortOf(values.toString().getBytes(StandardCharsets.UTF_8));
    }
}
