package dev.reactivecache.spring.web;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.spring.web.ResponseStore.Found;
import dev.reactivecache.spring.web.ResponseStore.Source;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Answers a client with a stored response: with its head, all of it, a part, or that the client has it already. */
final class ServerAnswers {
    private final CacheStatus status;
    private final HttpCacheOptions options;

    ServerAnswers(CacheStatus status, HttpCacheOptions options) {
        this.status = status;
        this.options = options;
    }

    Mono<Void> write(ServerWebExchange exchange, Found found) {
        StoredResponse stored = requireNonNull(found.response());
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(stored.status()));
        HttpHeaders headers = response.getHeaders();
        ClientHead.add(headers, stored.headers());
        if (options.sharesSetCookie()) {
            ClientHead.add(headers, stored.cookies());
        }
        if (found.source() == Source.HIT || !found.age().isZero()) {
            headers.set(HttpHeaders.AGE, Long.toString(found.age().toSeconds()));
        }
        status.answered(headers, found);
        long lastModified = headers.getLastModified();
        Instant modified = lastModified < 0 ? Instant.MIN : Instant.ofEpochMilli(lastModified);
        if (exchange.checkNotModified(stored.first(HttpHeaders.ETAG), modified)) {
            headers.remove(HttpHeaders.CONTENT_TYPE);
            return response.setComplete();
        }
        HttpMethod method = exchange.getRequest().getMethod();
        ByteRange range = HttpMethod.GET.equals(method)
                ? ByteRange.of(exchange.getRequest().getHeaders(), stored)
                : null;
        if (range != null) {
            return writePart(response, stored, range);
        }
        if (stored.status() != HttpStatus.NO_CONTENT.value()) {
            headers.setContentLength(stored.length());
        }
        return HttpMethod.HEAD.equals(method) || stored.length() == 0
                ? response.setComplete()
                : response.writeWith(
                        Mono.fromSupplier(() -> response.bufferFactory().wrap(stored.body())));
    }

    private static Mono<Void> writePart(ServerHttpResponse response, StoredResponse stored, ByteRange range) {
        response.getHeaders().set(HttpHeaders.CONTENT_RANGE, range.contentRange());
        if (!range.isSatisfiable()) {
            response.setStatusCode(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE);
            response.getHeaders().remove(HttpHeaders.CONTENT_TYPE);
            response.getHeaders().setContentLength(0);
            return response.setComplete();
        }
        response.setStatusCode(HttpStatus.PARTIAL_CONTENT);
        response.getHeaders().setContentLength(range.length());
        return response.writeWith(Mono.fromSupplier(
                () -> response.bufferFactory().wrap(ByteBuffer.wrap(stored.body(), range.first(), range.length()))));
    }
}
