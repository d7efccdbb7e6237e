package dev.reactivecache.spring.web;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** The key of a response: its URI with server, path and query, and the request fields that it may depend on. */
final class CacheKeys {
    private final HttpCacheOptions options;

    CacheKeys(HttpCacheOptions options) {
        this.options = options;
    }

    String of(URI uri, HttpHeaders request) {
        StringBuilder key = new StringBuilder(256).append(target(uri));
        for (String name : options.varyBy()) {
            key.append('\n').append(name).append(':').append(String.join(",", request.getOrEmpty(name)));
        }
        return key.toString();
    }

    /** The tag of all that is stored of a URI: a digest, since tags are shorter than URIs, and have other characters. */
    String tag(URI uri) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(target(uri).getBytes(StandardCharsets.UTF_8));
            return "uri:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) { // every Java platform has it
            throw new IllegalStateException(impossible);
        }
    }

    /** What is common to the keys of all variants of a URI. */
    private String target(URI uri) {
        StringBuilder key = new StringBuilder(256)
                .append("GET ")
                .append(uri.getScheme())
                .append("://")
                .append(uri.getRawAuthority())
                .append(uri.getRawPath());
        String query = query(uri.getRawQuery());
        if (query != null) {
            key.append('?').append(query);
        }
        return key.toString();
    }

    private @Nullable String query(@Nullable String raw) {
        Set<String> selected = options.queryParameters();
        if (raw == null || selected == null) {
            return raw;
        }
        String kept = Stream.of(raw.split("&"))
                .filter(parameter -> selected.contains(name(parameter)))
                .collect(Collectors.joining("&"));
        return kept.isEmpty() ? null : kept;
    }

    /** As a handler sees it: otherwise {@code %70age} would be a parameter that the key does not have. */
    private static String name(String parameter) {
        int end = parameter.indexOf('=');
        return URLDecoder.decode(end < 0 ? parameter : parameter.substring(0, end), StandardCharsets.UTF_8);
    }
}
