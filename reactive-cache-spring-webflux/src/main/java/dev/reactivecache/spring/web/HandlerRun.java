package dev.reactivecache.spring.web;

import dev.reactivecache.spring.web.ResponseStore.Source;
import dev.reactivecache.spring.web.ResponseStore.Storable;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One run of the handler, begun by one request. Either its response is captured, for all who wait for it and for the
 * store; or it is passed on to the request that began it, if that is still there. What goes wrong with storing is no
 * error: the response is passed on.
 */
final class HandlerRun {
    private final ServerWebExchange exchange;
    private final WebFilterChain chain;
    private final Asked asked;
    private final RunRules rules;
    private final ClientTraces traces;
    private final Disposable.Swap handler = Disposables.swap();

    /** The response if it can be stored, or empty if it is passed on, or the handler's error. */
    private final Sinks.One<Storable> captured = Sinks.one();

    /** The end of a response that is passed on. */
    private final Sinks.Empty<Void> passedOn = Sinks.empty();

    private volatile @Nullable Storable whole;
    private volatile String reason = Source.MISS.reason();
    private volatile boolean begun;
    private volatile boolean passing;
    private volatile boolean abandoned;

    HandlerRun(ServerWebExchange exchange, WebFilterChain chain, Asked asked, RunRules rules) {
        this.exchange = exchange;
        this.chain = chain;
        this.asked = asked;
        this.rules = rules;
        this.traces = new ClientTraces(exchange.getResponse());
    }

    /**
     * Runs the handler, by asking whether the stale response is good still if there is one that can be asked about.
     * Emits its response, or nothing if that cannot be stored; cancelling stops the handler.
     */
    Mono<Storable> begin(@Nullable StoredResponse stale, Source why) {
        return Mono.deferContextual(context -> {
            begun = true;
            reason = why.reason();
            handler.update(attempt(stale == null ? null : Validation.of(stale))
                    .contextWrite(context)
                    .subscribe(null, this::onError, this::onComplete));
            return captured.asMono().doOnCancel(() -> {
                if (!passing) {
                    handler.dispose();
                }
            });
        });
    }

    private Mono<Void> attempt(@Nullable Validation validation) {
        Instant now = rules.clock().instant();
        return new HandlerAttempt(this, exchange, asked, rules, traces, validation, now).run(chain);
    }

    /** Whether the handler was run for this request. */
    boolean isBegun() {
        return begun;
    }

    /** Completes when the response that is passed on has been written. */
    Mono<Void> rest() {
        return passedOn.asMono().doOnCancel(this::abandon);
    }

    /** The request that began this run is gone, or answered. */
    void abandon() {
        abandoned = true;
        if (passing) {
            handler.dispose();
        }
    }

    private void onError(Throwable failure) {
        if (captured.tryEmitError(failure).isFailure()) {
            passedOn.tryEmitError(failure);
        }
    }

    private void onComplete() {
        Storable stored = whole;
        if (stored != null) {
            captured.tryEmitValue(stored);
        } else {
            captured.tryEmitEmpty();
            passedOn.tryEmitEmpty();
        }
    }

    /** The handler has made a response that can be stored, unless it turns out to be personal. */
    void keep(Storable made) {
        whole = made;
    }

    @Nullable
    Storable kept() {
        return whole;
    }

    /** Whether it is known already what becomes of the response. */
    boolean isDecided() {
        return whole != null || passing;
    }

    /** The handler speaks of a response that nobody has: it is asked for the whole. */
    Mono<Void> anew() {
        return attempt(null);
    }

    /** How what the handler has written so far is written to the client. */
    interface Sending {
        Mono<Void> to(ServerHttpResponse real);
    }

    /** Passes on what was captured of a response. */
    Mono<Void> passWhole(PassedHead head, String detail, byte[] body) {
        whole = null;
        Sending sending = body.length == 0
                ? ServerHttpResponse::setComplete
                : real -> real.writeWith(
                        Mono.fromSupplier(() -> real.bufferFactory().wrap(body)));
        return pass(head, detail, sending, Flux.empty());
    }

    /** Passes on a response, whose buffers so far are released if nobody is there to have them. */
    Mono<Void> pass(PassedHead head, String detail, Sending sending, Flux<DataBuffer> taken) {
        return Mono.defer(() -> {
            passing = true;
            captured.tryEmitEmpty();
            if (abandoned) {
                return BodyCapture.discard(taken).then(Mono.error(new CancellationException("the client is gone")));
            }
            boolean unchanged = head.write(exchange);
            rules.status().forwarded(exchange.getResponse().getHeaders(), reason, detail);
            return unchanged
                    ? BodyCapture.discard(taken).then(exchange.getResponse().setComplete())
                    : sending.to(exchange.getResponse());
        });
    }
}
