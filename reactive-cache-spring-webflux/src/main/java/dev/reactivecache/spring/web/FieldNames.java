package dev.reactivecache.spring.web;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;

/** One instance of each usual field name, so that responses do not keep thousands of the same. */
final class FieldNames {
    private static final Map<String, String> USUAL = Stream.of(
                    HttpHeaders.CACHE_CONTROL,
                    HttpHeaders.CONTENT_DISPOSITION,
                    HttpHeaders.CONTENT_ENCODING,
                    HttpHeaders.CONTENT_LANGUAGE,
                    HttpHeaders.CONTENT_TYPE,
                    HttpHeaders.DATE,
                    HttpHeaders.ETAG,
                    HttpHeaders.EXPIRES,
                    HttpHeaders.LAST_MODIFIED,
                    HttpHeaders.LINK,
                    HttpHeaders.SERVER,
                    HttpHeaders.VARY,
                    "cache-control",
                    "content-encoding",
                    "content-type",
                    "date",
                    "etag",
                    "expires",
                    "last-modified",
                    "server",
                    "vary")
            .collect(Collectors.toUnmodifiableMap(name -> name, name -> name));

    private FieldNames() {}

    static String shared(String name) {
        return USUAL.getOrDefault(name, name);
    }

    /** Whether it is one of those that all responses have in common. */
    static boolean isShared(String text) {
        return USUAL.containsKey(text);
    }
}
