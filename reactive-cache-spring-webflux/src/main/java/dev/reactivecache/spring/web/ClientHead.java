package dev.reactivecache.spring.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpHeaders;

/** The head of a client's response, which filters before the cache have written into already. */
final class ClientHead {
    /** Fields that are lists, to which each adds what it has to say: the values of both are kept. */
    private static final Set<String> LISTS = StoredFields.caseless(
            "Access-Control-Expose-Headers",
            "Cache-Status",
            "Link",
            "Server-Timing",
            "Set-Cookie",
            "Vary",
            "Via",
            "WWW-Authenticate");

    private ClientHead() {}

    /** Adds the fields of a handler's response; where both have a field, that is the handler's, unless it is a list. */
    static void add(HttpHeaders client, HttpHeaders handlers) {
        handlers.forEach((name, values) -> client.put(name, both(name, values, client)));
    }

    private static List<String> both(String name, List<String> values, HttpHeaders client) {
        List<String> all = new ArrayList<>(values);
        if (LISTS.contains(name)) {
            client.getOrEmpty(name).stream()
                    .filter(value -> values.stream().noneMatch(value::equalsIgnoreCase))
                    .forEach(all::add);
        }
        return all;
    }
}
