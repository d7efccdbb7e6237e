package dev.reactivecache.spring.web;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import org.springframework.web.server.WebSession;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The exchange that a handler sees: the request without its conditions, so that it makes a whole response, or with
 * those that ask whether the stored one is good still. What is its client's alone is noted when it is taken.
 */
final class CapturingExchange extends ServerWebExchangeDecorator {
    private final ServerHttpRequest request;
    private final ServerHttpResponse response;
    private final ClientTraces traces;
    private final @Nullable Validation validation;
    private volatile boolean notModified;
    private final Map<String, Object> attributes;

    CapturingExchange(
            ServerWebExchange exchange,
            ServerHttpResponse response,
            ClientTraces traces,
            @Nullable Validation validation) {
        super(exchange);
        this.request = exchange.getRequest()
                .mutate()
                .headers(headers -> {
                    headers.remove(HttpHeaders.IF_NONE_MATCH);
                    headers.remove(HttpHeaders.IF_MODIFIED_SINCE);
                    if (validation != null) {
                        validation.addTo(headers);
                    }
                })
                .build();
        this.response = response;
        this.validation = validation;
        this.traces = traces;
        this.attributes = new TracedAttributes(exchange.getAttributes(), traces);
    }

    /** The context that the handler runs in: with this exchange in place of the one that is there by whatever key. */
    Context in(ContextView context) {
        Context own = Context.of(context);
        for (Map.Entry<Object, Object> entry : context.stream().toList()) {
            if (entry.getValue() instanceof ServerWebExchange) {
                own = own.put(entry.getKey(), this);
            }
        }
        return own;
    }

    @Override
    public Mono<WebSession> getSession() {
        return traces.noting("session", super.getSession());
    }

    @Override
    public Map<String, Object> getAttributes() {
        return attributes;
    }

    @Override
    public ServerHttpRequest getRequest() {
        return request;
    }

    @Override
    public ServerHttpResponse getResponse() {
        return response;
    }

    @Override
    public boolean isNotModified() {
        return notModified;
    }

    @Override
    public boolean checkNotModified(Instant lastModified) {
        return checkNotModified(null, lastModified);
    }

    @Override
    public boolean checkNotModified(String eTag) {
        return checkNotModified(eTag, Instant.MIN);
    }

    /**
     * Notes what the response would be compared by, and compares it with what is stored. With what a client has it is
     * compared when that is answered.
     */
    @Override
    public boolean checkNotModified(@Nullable String eTag, Instant lastModified) {
        HttpHeaders headers = response.getHeaders();
        if (eTag != null && !eTag.isEmpty() && headers.getETag() == null) {
            boolean quoted = eTag.startsWith("\"") || eTag.startsWith("W/\"");
            headers.setETag(quoted ? eTag : '"' + eTag + '"');
        }
        if (lastModified.isAfter(Instant.EPOCH) && headers.getLastModified() == -1) {
            headers.setLastModified(lastModified);
        }
        notModified = validation != null && validation.isAnsweredBy(headers.getETag(), lastModified);
        if (notModified) {
            response.setStatusCode(HttpStatus.NOT_MODIFIED);
        }
        return notModified;
    }
}
