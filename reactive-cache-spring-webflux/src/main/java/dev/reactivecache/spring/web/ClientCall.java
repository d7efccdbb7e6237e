package dev.reactivecache.spring.web;

import dev.reactivecache.spring.web.ResponseStore.Source;
import dev.reactivecache.spring.web.ResponseStore.Storable;
import dev.reactivecache.spring.web.StoragePolicy.Verdict;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One call of a server, begun by one request. Either its response is captured, for all who wait for it and for the
 * store; or it is handed to the request that began it, if that is still there. What goes wrong with storing is no
 * error: the response is handed over.
 */
final class ClientCall {
    private final ClientRequest request;
    private final ExchangeFunction next;
    private final String key;
    private final CallRules rules;
    private final Disposable.Swap call = Disposables.swap();

    /** The response if it can be stored, or empty if it is handed over, or the call's error. */
    private final Sinks.One<Storable> captured = Sinks.one();

    private final Sinks.Empty<Void> consumed = Sinks.empty();
    private volatile @Nullable ClientResponse handedOver;
    private volatile @Nullable Instant began;
    private volatile String reason = Source.MISS.reason();
    private volatile boolean begun;
    private volatile boolean abandoned;

    ClientCall(ClientRequest request, ExchangeFunction next, String key, CallRules rules) {
        this.request = request;
        this.next = next;
        this.key = key;
        this.rules = rules;
    }

    /**
     * Calls, by asking whether the stale response is good still if there is one that can be asked about. Emits the
     * response, or nothing if that cannot be stored; cancelling stops the call.
     */
    Mono<Storable> begin(@Nullable StoredResponse stale, Source why) {
        Validation validation = stale == null ? null : Validation.of(stale);
        Mono<Storable> answer = validation == null
                ? exchange(request, this::onResponse)
                : exchange(validation.conditional(request), (response, sent) -> onResponse(response, sent, validation));
        return Mono.deferContextual(context -> {
            begun = true;
            reason = why.reason();
            call.update(answer.contextWrite(context)
                    .subscribe(captured::tryEmitValue, captured::tryEmitError, captured::tryEmitEmpty));
            return captured.asMono().doOnCancel(() -> {
                if (handedOver == null) {
                    call.dispose();
                }
            });
        });
    }

    /** What becomes of a response, given the request as it was sent. */
    private interface OnResponse {
        Mono<Storable> apply(ClientResponse response, SentRequest sent);
    }

    private Mono<Storable> exchange(ClientRequest asked, OnResponse then) {
        return Mono.defer(() -> {
            SentRequest sent = new SentRequest();
            began = rules.clock().instant();
            return next.exchange(sent.seenIn(asked)).flatMap(response -> {
                rules.strategies().learn(response.strategies());
                return then.apply(response, sent);
            });
        });
    }

    /** Whether the server was called for this request. */
    boolean isBegun() {
        return begun;
    }

    /** The response that cannot be stored, or null. */
    @Nullable
    ClientResponse handedOver() {
        return handedOver;
    }

    /** The request that began this call is gone, or answered. */
    void abandon() {
        abandoned = true;
        ClientResponse nobodys = handedOver;
        if (nobodys != null) {
            discard(nobodys).subscribe(null, failure -> {});
        }
    }

    private static <T> Mono<T> discard(ClientResponse response) {
        return BodyCapture.discard(response.bodyToFlux(DataBuffer.class)).then(Mono.empty());
    }

    private Mono<Storable> onResponse(ClientResponse response, SentRequest sent, Validation validation) {
        if (!HttpStatus.NOT_MODIFIED.equals(response.statusCode())) {
            return onResponse(response, sent);
        }
        return validation.isAbout(response.headers().asHttpHeaders())
                ? discard(response).then(Mono.defer(() -> onValidated(response, sent, validation)))
                : discard(response).then(exchange(request, this::onResponse));
    }

    private Mono<Storable> onValidated(ClientResponse notModified, SentRequest sent, Validation validation) {
        Arrival freshened = validation.freshened(arrival(notModified), rules.policy());
        Verdict verdict = judge(freshened, sent);
        StoredResponse fresh = validation.stored(freshened, verdict.freshness(), rules.policy());
        String refusal = verdict.refusal();
        if (refusal == null) {
            try {
                return Mono.just(rules.storable(fresh, request));
            } catch (RuntimeException unexpected) {
                refusal = rules.failures().note(unexpected);
            }
        }
        String detail = refusal;
        handedOver = fresh.toClient(notModified.strategies())
                .request(notModified.request())
                .headers(all -> rules.status().forwarded(all, "stale", detail))
                .build();
        return Mono.empty();
    }

    private Arrival arrival(ClientResponse response) {
        Instant now = rules.clock().instant();
        Instant asked = began;
        return new Arrival(
                response.statusCode().value(),
                response.headers().asHttpHeaders(),
                !response.cookies().isEmpty(),
                asked == null ? now : asked,
                now);
    }

    private Verdict judge(Arrival arrival, SentRequest sent) {
        try {
            String unlike = sent.refusal(request, key, arrival.headers(), rules);
            return unlike != null ? Verdict.refused(unlike) : rules.policy().judge(sent.asked(), arrival);
        } catch (RuntimeException unexpected) {
            return Verdict.refused(rules.failures().note(unexpected));
        }
    }

    private Mono<Storable> onResponse(ClientResponse response, SentRequest sent) {
        Verdict verdict = judge(arrival(response), sent);
        if (verdict.refusal() != null) {
            return handOver(response, verdict.refusal());
        }
        return BodyCapture.of(
                response.bodyToFlux(DataBuffer.class),
                rules.options().maximumBody(),
                body -> keep(response, body, verdict.freshness()),
                rest -> tooLong(response, rest));
    }

    private Mono<Storable> handOver(ClientResponse response, String refusal) {
        if (abandoned) {
            return discard(response);
        }
        handedOver = response.mutate()
                .headers(all -> rules.status().forwarded(all, reason, refusal))
                .build();
        return Mono.empty();
    }

    private Mono<Storable> keep(ClientResponse response, byte[] body, Freshness freshness) {
        HttpHeaders came = response.headers().asHttpHeaders();
        String refusal;
        try {
            HttpHeaders headers = rules.policy().stored(came);
            refusal = rules.policy().refuses(came, headers, body.length);
            if (refusal == null) {
                StoredResponse made = new StoredResponse(response.statusCode().value(), headers, body, freshness)
                        .forVariant(rules.policy().variants().of(headers, request.headers()))
                        .withCookies(rules.policy().storedCookies(came));
                return Mono.just(rules.storable(made, request));
            }
        } catch (RuntimeException unexpected) {
            refusal = rules.failures().note(unexpected);
        }
        DataBuffer all = DefaultDataBufferFactory.sharedInstance.wrap(body);
        return handOver(response.mutate().body(read -> Flux.just(all)).build(), refusal);
    }

    /** The call goes on until whoever gets the response has read it. */
    private Mono<Storable> tooLong(ClientResponse response, Flux<DataBuffer> rest) {
        if (abandoned) {
            return rest.doOnNext(DataBufferUtils::release).next().then(Mono.empty());
        }
        handedOver = response.mutate()
                .body(read -> rest.doFinally(end -> consumed.tryEmitEmpty()))
                .headers(all -> rules.status().forwarded(all, reason, "size"))
                .build();
        captured.tryEmitEmpty();
        return consumed.asMono().then(Mono.empty());
    }
}
