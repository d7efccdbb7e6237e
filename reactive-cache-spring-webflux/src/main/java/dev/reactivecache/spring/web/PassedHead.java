package dev.reactivecache.spring.web;

import java.time.Instant;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/** Writes the head of a response that is not stored, for the client that its handler was run for. */
final class PassedHead {
    private PassedHead() {}

    /**
     * Adds it to what filters have written for this client. Whether the client has it already: its conditions were kept
     * from the handler, and are looked at here.
     */
    static boolean write(ServerHttpResponse handlers, ServerWebExchange exchange) {
        ServerHttpResponse client = exchange.getResponse();
        if (handlers.getStatusCode() != null) {
            client.setStatusCode(handlers.getStatusCode());
        }
        ClientHead.add(client.getHeaders(), handlers.getHeaders());
        handlers.getCookies().values().forEach(cookies -> cookies.forEach(client::addCookie));
        return hasAlready(exchange, handlers.getHeaders());
    }

    private static boolean hasAlready(ServerWebExchange exchange, HttpHeaders handlers) {
        String tag = handlers.getETag();
        long modified = handlers.getLastModified();
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
