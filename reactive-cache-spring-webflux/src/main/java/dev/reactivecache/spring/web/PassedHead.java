package dev.reactivecache.spring.web;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.MultiValueMap;
import org.springframework.web.server.ServerWebExchange;

/**
 * The head of a response that is not stored, for the client that its handler was run for.
 *
 * @param status its status, or null if the handler has set none
 */
record PassedHead(@Nullable HttpStatusCode status, HttpHeaders headers, MultiValueMap<String, ResponseCookie> cookies) {

    /** As the handler has written it. */
    static PassedHead of(ServerHttpResponse handlers) {
        return new PassedHead(handlers.getStatusCode(), handlers.getHeaders(), handlers.getCookies());
    }

    /**
     * Adds it to what filters have written for this client. Whether the client has it already: its conditions were kept
     * from the handler, and are looked at here.
     */
    boolean write(ServerWebExchange exchange) {
        ServerHttpResponse client = exchange.getResponse();
        if (status != null) {
            client.setStatusCode(status);
        }
        ClientHead.add(client.getHeaders(), headers);
        cookies.values().forEach(all -> all.forEach(client::addCookie));
        return hasAlready(exchange);
    }

    private boolean hasAlready(ServerWebExchange exchange) {
        String tag = headers.getETag();
        long modified = headers.getLastModified();
        if (tag == null && modified < 0) {
            return false;
        }
        Instant when = modified < 0 ? Instant.MIN : Instant.ofEpochMilli(modified);
        boolean unchanged = exchange.checkNotModified(tag, when);
        if (unchanged) {
            exchange.getResponse().getHeaders().remove(HttpHeaders.CONTENT_TYPE);
            exchange.getResponse().getHeaders().remove(HttpHeaders.CONTENT_LENGTH);
        }
        return unchanged;
    }
}
