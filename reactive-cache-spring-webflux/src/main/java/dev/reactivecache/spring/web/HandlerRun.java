package dev.reactivecache.spring.web;

import dev.reactivecache.spring.web.StoragePolicy.Verdict;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
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
 * store; or it is passed on to the request that began it, if that is still there.
 */
final class HandlerRun implements CapturingResponse.Writing {
    private final ServerWebExchange exchange;
    private final WebFilterChain chain;
    private final StoragePolicy policy;
    private final int maximumBody;
    private final CacheStatus status;
    private final CapturingResponse response;
    private final Disposable.Swap handler = Disposables.swap();

    /** The response if it can be stored, or empty if it is passed on, or the handler's error. */
    private final Sinks.One<StoredResponse> captured = Sinks.one();

    /** The end of a response that is passed on. */
    private final Sinks.Empty<Void> passedOn = Sinks.empty();

    private volatile @Nullable StoredResponse whole;
    private volatile boolean begun;
    private volatile boolean passing;
    private volatile boolean abandoned;

    HandlerRun(
            ServerWebExchange exchange,
            WebFilterChain chain,
            StoragePolicy policy,
            int maximumBody,
            CacheStatus status) {
        this.exchange = exchange;
        this.chain = chain;
        this.policy = policy;
        this.maximumBody = maximumBody;
        this.status = status;
        this.response = new CapturingResponse(exchange.getResponse(), this);
    }

    /** Runs the handler. Emits its response, or nothing if that cannot be stored; cancelling stops the handler. */
    Mono<StoredResponse> begin() {
        return Mono.deferContextual(context -> {
            begun = true;
            handler.update(chain.filter(new CapturingExchange(exchange, response))
                    .then(Mono.defer(response::complete))
                    .then(Mono.defer(this::withoutBody))
                    .contextWrite(context)
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
        StoredResponse stored = whole;
        if (stored != null) {
            captured.tryEmitValue(stored);
        } else {
            captured.tryEmitEmpty();
            passedOn.tryEmitEmpty();
        }
    }

    private Verdict judge() {
        ServerHttpRequest request = exchange.getRequest();
        return policy.judge(
                request.getHeaders(),
                statusCode(),
                response.getHeaders(),
                !response.getCookies().isEmpty());
    }

    private int statusCode() {
        HttpStatusCode code = response.getStatusCode();
        return code == null ? 200 : code.value();
    }

    @Override
    public Mono<Void> whole(Publisher<? extends DataBuffer> body) {
        Verdict verdict = judge();
        if (verdict.refusal() != null) {
            return pass(verdict.refusal(), real -> real.writeWith(body), Flux.empty());
        }
        return BodyCapture.of(
                body,
                maximumBody,
                bytes -> keep(bytes, verdict),
                rest -> pass("size", real -> real.writeWith(rest), rest));
    }

    @Override
    public Mono<Void> streaming(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        return pass("stream", real -> real.writeAndFlushWith(body), Flux.empty());
    }

    /** The handler ended without writing anything. */
    private Mono<Void> withoutBody() {
        if (whole != null || passing) {
            return Mono.empty();
        }
        Verdict verdict = judge();
        return verdict.refusal() == null
                ? keep(new byte[0], verdict)
                : pass(verdict.refusal(), ServerHttpResponse::setComplete, Flux.empty());
    }

    private Mono<Void> keep(byte[] body, Verdict verdict) {
        HttpHeaders headers = policy.stored(response.getHeaders());
        if (headers.getETag() == null) {
            headers.setETag(EntityTags.of(body));
        }
        whole = new StoredResponse(
                statusCode(), headers, body, verdict.lifetime(), StoragePolicy.ageOnArrival(response.getHeaders()));
        return Mono.empty();
    }

    /** How what the handler has written so far is written to the client. */
    private interface Sending {
        Mono<Void> to(ServerHttpResponse real);
    }

    private Mono<Void> pass(String reason, Sending sending, Flux<DataBuffer> taken) {
        return Mono.defer(() -> {
            passing = true;
            captured.tryEmitEmpty();
            if (abandoned) {
                return taken.doOnNext(DataBufferUtils::release)
                        .next()
                        .then(Mono.error(new CancellationException("the client is gone")));
            }
            ServerHttpResponse real = exchange.getResponse();
            real.setStatusCode(response.getStatusCode());
            response.getHeaders().forEach((name, values) -> real.getHeaders().put(name, values));
            real.getCookies().putAll(response.getCookies());
            status.forwarded(real.getHeaders(), "uri-miss", reason);
            return sending.to(real);
        });
    }
}
