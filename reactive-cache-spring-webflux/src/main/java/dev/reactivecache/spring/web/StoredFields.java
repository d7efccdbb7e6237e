package dev.reactivecache.spring.web;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.http.HttpHeaders;

/** Which fields of a response are stored with it, and which a stored response may have. */
final class StoredFields {
    /** Fields of one connection, of one message, or of one client. */
    private static final Set<String> NOT_STORED = caseless(
            "Connection",
            "Keep-Alive",
            "Proxy-Connection",
            "Proxy-Authenticate",
            "Proxy-Authentication-Info",
            "TE",
            "Trailer",
            "Transfer-Encoding",
            "Upgrade",
            "Age",
            "Content-Length",
            "Set-Cookie",
            "Set-Cookie2",
            "X-Cache");

    private static final Set<String> SETTING_COOKIES = caseless("Set-Cookie", "Set-Cookie2");

    private StoredFields() {}

    static Set<String> caseless(String... names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(List.of(names));
        return Collections.unmodifiableSet(set);
    }

    /**
     * The fields of a response that are stored (RFC 9111, section 3.1), with all that its key depends on in {@code
     * Vary}. They are copies, and can be changed.
     */
    static HttpHeaders of(HttpHeaders response, Set<String> varyBy) {
        Set<String> left = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        left.addAll(NOT_STORED);
        left.addAll(response.getConnection());
        HttpHeaders kept = new HttpHeaders();
        response.forEach((name, values) -> {
            if (!left.contains(name)) {
                kept.put(name, new ArrayList<>(values));
            }
        });
        Set<String> missing = new TreeSet<>(varyBy);
        response.getVary().forEach(named -> missing.removeIf(named::equalsIgnoreCase));
        missing.forEach(name -> kept.add(HttpHeaders.VARY, name));
        return kept;
    }

    /** The fields of a response that set cookies. They are copies. */
    static HttpHeaders settingCookies(HttpHeaders response) {
        HttpHeaders setting = new HttpHeaders();
        SETTING_COOKIES.forEach(name -> response.getOrEmpty(name).forEach(value -> setting.add(name, value)));
        return setting;
    }

    /** Whether it is a field that sets a cookie, and can be sent. */
    static boolean isValidCookie(String name, String value) {
        return SETTING_COOKIES.contains(name) && FieldSyntax.isValue(value);
    }

    /** Whether all of these can be sent to a client. */
    static boolean areValid(HttpHeaders stored) {
        return stored.headerSet().stream()
                .allMatch(field -> field.getValue().stream().allMatch(value -> isValid(field.getKey(), value)));
    }

    /** Whether a stored response may have this field. */
    static boolean isValid(String name, String value) {
        return FieldSyntax.isToken(name) && FieldSyntax.isValue(value) && !NOT_STORED.contains(name);
    }
}
