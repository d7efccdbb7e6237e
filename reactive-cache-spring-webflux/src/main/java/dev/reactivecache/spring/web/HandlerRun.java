package dev.reactivecache.spring.web;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.spring.web.ResponseStore.Storable;
import dev.reactivecache.spring.web.StoragePolicy.Verdict;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
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
final class HandlerRun implements CapturingResponse.Writing {
    private final ServerWebExchange exchange;
    private final WebFilterChain chain;
    private final Asked asked;
    private final RunRules rules;
    private final ClientTraces traces;
    private final CapturingResponse response;
    private final CapturingExchange capturing;
    private final Disposable.Swap handler = Disposables.swap();

    /** The response if it can be stored, or empty if it is passed on, or the handler's error. */
    private final Sinks.One<Storable> captured = Sinks.one();

    /** The end of a response that is passed on. */
    private final Sinks.Empty<Void> passedOn = Sinks.empty();

    private volatile @Nullable Storable whole;
    private volatile boolean begun;
    private volatile boolean passing;
    private volatile boolean abandoned;

    HandlerRun(ServerWebExchange exchange, WebFilterChain chain, Asked asked, RunRules rules) {
        this.exchange = exchange;
        this.chain = chain;
        this.asked = asked;
        this.rules = rules;
        this.traces = new ClientTraces(exchange.getResponse());
        this.response = new CapturingResponse(exchange.getResponse(), this, traces);
        this.capturing = new CapturingExchange(exchange, response, traces);
    }

    /** Runs the handler. Emits its response, or nothing if that cannot be stored; cancelling stops the handler. */
    Mono<Storable> begin() {
        return Mono.deferContextual(context -> {
            begun = true;
            handler.update(chain.filter(capturing)
                    .then(Mono.defer(response::complete))
                    .then(Mono.defer(this::end))
                    .contextWrite(capturing.in(context))
                    .subscribe(null, this::onError, this::onComplete));
            return captured.asMono().doOnCancel(() -> {
                if (!passing) {
                    handler.dispose();
                }
            });
        });
    }

    /** Whether the handler was run for this request. */
    boolean isBegun() {
        return begun;
    }

    /** Completes when the response that is passed on has been written. */
    Mono<Void> rest() {
        return passedOn.asMono().doOnCancel(this::abandon);
    }

    /** The request that began this run is gone. */
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

    private Verdict judge() {
        HttpHeaders headers = response.getHeaders();
        try {
            boolean inherits = !headers.containsHeader(HttpHeaders.CACHE_CONTROL);
            if (inherits && rules.policy().forbidsStoring(exchange.getResponse().getHeaders())) {
                return Verdict.refused("no-store");
            }
            boolean setsCookies = !response.getCookies().isEmpty();
            return rules.policy()
                    .judge(
                            asked,
                            statusCode(),
                            headers,
                            setsCookies,
                            rules.clock().instant());
        } catch (RuntimeException unexpected) {
            return Verdict.refused(rules.failures().note(unexpected));
        }
    }

    private int statusCode() {
        HttpStatusCode code = response.getStatusCode();
        HttpStatusCode before = exchange.getResponse().getStatusCode();
        return code != null ? code.value() : before != null ? before.value() : 200;
    }

    @Override
    public Mono<Void> whole(Publisher<? extends DataBuffer> body) {
        Verdict verdict = judge();
        if (verdict.refusal() != null) {
            return pass(verdict.refusal(), real -> real.writeWith(body), Flux.empty());
        }
        return BodyCapture.of(
                body,
                rules.options().maximumBody(),
                bytes -> keep(bytes, verdict.freshness()),
                rest -> pass("size", real -> real.writeWith(rest), rest));
    }

    @Override
    public Mono<Void> streaming(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        return pass("stream", real -> real.writeAndFlushWith(body), Flux.empty());
    }

    private Mono<Void> end() {
        Mono<Void> written = whole != null || passing ? Mono.empty() : withoutBody();
        return written.then(Mono.defer(this::passIfPersonal));
    }

    /** The handler ended without writing anything. */
    private Mono<Void> withoutBody() {
        Verdict verdict = judge();
        return verdict.refusal() == null
                ? keep(new byte[0], verdict.freshness())
                : passWhole(verdict.refusal(), new byte[0]);
    }

    /** What the handler touched while it ran is known only when it has ended. */
    private Mono<Void> passIfPersonal() {
        Storable kept = whole;
        String trace = kept == null ? null : traces.found();
        return kept == null || trace == null
                ? Mono.empty()
                : passWhole(trace, kept.response().body());
    }

    private Mono<Void> keep(byte[] body, Freshness freshness) {
        HttpHeaders own = response.getHeaders();
        String refusal;
        try {
            HttpHeaders headers = rules.policy().stored(own);
            refusal = rules.policy().refuses(own, headers, body.length);
            if (refusal == null) {
                if (headers.getETag() == null) {
                    headers.setETag(EntityTags.of(body));
                }
                EntryOptions entry = rules.entry(own, capturing);
                whole = new Storable(new StoredResponse(statusCode(), headers, body, freshness), entry);
                return Mono.empty();
            }
        } catch (RuntimeException unexpected) {
            refusal = rules.failures().note(unexpected);
        }
        return passWhole(refusal, body);
    }

    /** How what the handler has written so far is written to the client. */
    private interface Sending {
        Mono<Void> to(ServerHttpResponse real);
    }

    private Mono<Void> passWhole(String reason, byte[] body) {
        whole = null;
        Sending sending = body.length == 0
                ? ServerHttpResponse::setComplete
                : real -> real.writeWith(
                        Mono.fromSupplier(() -> real.bufferFactory().wrap(body)));
        return pass(reason, sending, Flux.empty());
    }

    private Mono<Void> pass(String reason, Sending sending, Flux<DataBuffer> taken) {
        return Mono.defer(() -> {
            passing = true;
            captured.tryEmitEmpty();
            if (abandoned) {
                return BodyCapture.discard(taken).then(Mono.error(new CancellationException("the client is gone")));
            }
            boolean unchanged = PassedHead.write(response, exchange);
            rules.status().forwarded(exchange.getResponse().getHeaders(), "uri-miss", reason);
            return unchanged
                    ? BodyCapture.discard(taken).then(exchange.getResponse().setComplete())
                    : sending.to(exchange.getResponse());
        });
    }
}
