package dev.reactivecache.spring.web;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The key of a response: its URI with server, path and query, and the request fields that it may depend on. Two
 * requests that differ in what the options select have different keys.
 */
final class CacheKeys {
    private final HttpCacheOptions options;

    CacheKeys(HttpCacheOptions options) {
        this.options = options;
    }

    /**
     * The key of a request that a handler is to answer: with its parameters as the handler gets them, and with its
     * context path, which says where in the path the handler's part begins.
     */
    String of(ServerHttpRequest request) {
        StringBuilder key = new StringBuilder(256);
        appendTarget(key, request.getURI(), selected(request.getURI(), raw -> request.getQueryParams()));
        String contextPath = request.getPath().contextPath().value();
        if (!contextPath.isEmpty()) {
            key.append("\n(context) ");
            appendInOneLine(key, contextPath);
        }
        appendFields(key, request.getHeaders());
        return key.toString();
    }

    /**
     * The key of a request to another server. How that reads parameters is not known: what could be read as a selected
     * one is kept as it is spelt.
     */
    String of(URI uri, HttpHeaders request) {
        StringBuilder key = new StringBuilder(256);
        appendTarget(key, uri, spelt(uri.getRawQuery()));
        appendFields(key, request);
        return key.toString();
    }

    /**
     * The tag of all that is stored of a URI, however it is spelt: a digest, since tags are shorter than URIs, and have
     * other characters.
     */
    String tag(URI uri) {
        StringBuilder target = new StringBuilder(256);
        URI normal = NormalUri.of(uri);
        appendTarget(target, normal, selected(normal, CacheKeys::parameters));
        return "uri:" + Digests.shortOf(target.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void appendTarget(StringBuilder key, URI uri, @Nullable String query) {
        key.append("GET ");
        if (!options.ignoresHost()) {
            key.append(uri.getScheme()).append("://").append(uri.getRawAuthority());
        }
        key.append(uri.getRawPath());
        if (query != null) {
            key.append('?').append(query);
        }
    }

    /** One line for each line of a selected field, so that one of two values is not one with a comma. */
    private void appendFields(StringBuilder key, HttpHeaders request) {
        for (String name : options.varyBy()) {
            for (String value : request.getOrEmpty(name)) {
                key.append('\n').append(name).append(':');
                appendInOneLine(key, value);
            }
        }
    }

    private static void appendInOneLine(StringBuilder key, String value) {
        boolean plain = value.indexOf('\n') < 0 && value.indexOf('\\') < 0;
        key.append(plain ? value : value.replace("\\", "\\\\").replace("\n", "\\n"));
    }

    /** The selected parameters as they were read, or the whole query if all are selected. */
    private @Nullable String selected(URI uri, Function<String, MultiValueMap<String, String>> read) {
        String raw = uri.getRawQuery();
        Set<String> selected = options.queryParameters();
        if (raw == null || selected == null) {
            return raw;
        }
        String kept = read.apply(raw).entrySet().stream()
                .filter(parameter -> selected.contains(parameter.getKey()))
                .flatMap(parameter -> parameter.getValue().stream().map(value -> assignment(parameter.getKey(), value)))
                .collect(Collectors.joining("&"));
        return kept.isEmpty() ? null : kept;
    }

    private static String assignment(String name, @Nullable String value) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
        return value == null ? encoded : encoded + '=' + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** As Spring reads them from a request. */
    private static MultiValueMap<String, String> parameters(String raw) {
        MultiValueMap<String, String> decoded = new LinkedMultiValueMap<>();
        UriComponentsBuilder.newInstance().query(raw).build().getQueryParams().forEach((name, values) -> {
            List<@Nullable String> all = values.stream()
                    .map(value -> value == null ? null : decode(value))
                    .toList();
            all.forEach(value -> decoded.add(decode(name), value));
        });
        return decoded;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private @Nullable String spelt(@Nullable String raw) {
        Set<String> selected = options.queryParameters();
        if (raw == null || selected == null) {
            return raw;
        }
        String kept = Stream.of(raw.split("&"))
                .filter(pair -> maySelect(pair, selected))
                .collect(Collectors.joining("&"));
        return kept.isEmpty() ? null : kept;
    }

    /** Also what servers disagree about: a pair without a name, and a semicolon. */
    private static boolean maySelect(String pair, Set<String> selected) {
        int end = pair.indexOf('=');
        return end == 0 || pair.indexOf(';') >= 0 || selected.contains(decode(end < 0 ? pair : pair.substring(0, end)));
    }
}
