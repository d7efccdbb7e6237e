package dev.reactivecache.spring.web;

import dev.reactivecache.spring.web.StoragePolicy.Verdict;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
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
 * One call of a server, begun by one request. Either its response is captured, for all who wait for it and for the store;
 * or it is handed to the request that began it, if that is still there.
 */
final class ClientCall {
    private final ClientRequest request;
    private final ExchangeFunction next;
    private final StoragePolicy policy;
    private final int maximumBody;
    private final CacheStatus status;
    private final Disposable.Swap call = Disposables.swap();

    /** The response if it can be stored, or empty if it is handed over, or the call's error. */
    private final Sinks.One<StoredResponse> captured = Sinks.one();

    private final Sinks.Empty<Void> consumed = Sinks.empty();
    private volatile @Nullable ClientResponse handedOver;
    private volatile boolean abandoned;

    ClientCall(
            ClientRequest request, ExchangeFunction next, StoragePolicy policy, int maximumBody, CacheStatus status) {
        this.request = request;
        this.next = next;
        this.policy = policy;
        this.maximumBody = maximumBody;
        this.status = status;
    }

    /**
     * Calls, by asking whether the stale response is good still if there is one that can be asked about. Emits the response, or
     * nothing if that cannot be stored; cancelling stops the call.
     */
    Mono<StoredResponse> begin(@Nullable StoredResponse stale) {
        Validation validation = stale == null ? null : Validation.of(stale);
        Mono<StoredResponse> answer = validation == null
                ? next.exchange(request).flatMap(this::onResponse)
                : next.exchange(validation.conditional(request)).flatMap(response -> onResponse(response, validation));
        return Mono.deferContextual(context -> {
            call.update(answer.contextWrite(context)
                    .subscribe(captured::tryEmitValue, captured::tryEmitError, captured::tryEmitEmpty));
            return captured.asMono().doOnCancel(() -> {
                if (handedOver == null) {
                    call.dispose();
                }
            });
        });
    }

    /** The response that cannot be stored, or null. */
    @Nullable
    ClientResponse handedOver() {
        return handedOver;
    }

    /** The request that began this call is gone. */
    void abandon() {
        abandoned = true;
        ClientResponse nobodys = handedOver;
        if (nobodys != null) {
            discard(nobodys).subscribe(null, failure -> {});
        }
    }

    /** Releases what has come, and cancels the rest, which may never end. */
    private static Mono<StoredResponse> discard(ClientResponse response) {
        return response.bodyToFlux(DataBuffer.class)
                .doOnNext(DataBufferUtils::release)
                .next()
                .then(Mono.empty());
    }

    private Mono<StoredResponse> onResponse(ClientResponse response, Validation validation) {
        if (!HttpStatus.NOT_MODIFIED.equals(response.statusCode())) {
            return onResponse(response);
        }
        return validation.isAbout(response)
                ? discard(response).then(Mono.defer(() -> onValidated(response, validation)))
                : discard(response).then(next.exchange(request)).flatMap(this::onResponse);
    }

    private Mono<StoredResponse> onValidated(ClientResponse notModified, Validation validation) {
        HttpHeaders said = notModified.headers().asHttpHeaders();
        StoredResponse stale = validation.stale();
        HttpHeaders headers = stale.updatedBy(policy.stored(said));
        boolean setsCookies = !notModified.cookies().isEmpty() || said.containsHeader(HttpHeaders.SET_COOKIE);
        Verdict verdict = policy.judge(request.headers(), stale.status(), headers, setsCookies);
        StoredResponse fresh = stale.freshened(headers, verdict.lifetime(), StoragePolicy.ageOnArrival(said));
        if (verdict.refusal() == null) {
            return Mono.just(fresh);
        }
        handedOver = fresh.toClient(notModified.strategies())
                .headers(all -> status.forwarded(all, "stale", verdict.refusal()))
                .build();
        return Mono.empty();
    }

    private Mono<StoredResponse> onResponse(ClientResponse response) {
        HttpHeaders headers = response.headers().asHttpHeaders();
        int code = response.statusCode().value();
        Verdict verdict = policy.judge(
                request.headers(), code, headers, !response.cookies().isEmpty());
        if (verdict.refusal() != null) {
            if (abandoned) {
                return discard(response);
            }
            handedOver = response.mutate()
                    .headers(all -> status.forwarded(all, "uri-miss", verdict.refusal()))
                    .build();
            return Mono.empty();
        }
        return BodyCapture.of(
                response.bodyToFlux(DataBuffer.class),
                maximumBody,
                body -> Mono.just(new StoredResponse(
                        code, policy.stored(headers), body, verdict.lifetime(), StoragePolicy.ageOnArrival(headers))),
                rest -> tooLong(response, rest));
    }

    /** The call goes on until whoever gets the response has read it. */
    private Mono<StoredResponse> tooLong(ClientResponse response, Flux<DataBuffer> rest) {
        if (abandoned) {
            return rest.doOnNext(DataBufferUtils::release).next().then(Mono.empty());
        }
        handedOver = response.mutate()
                .body(read -> rest.doFinally(end -> consumed.tryEmitEmpty()))
                .headers(all -> status.forwarded(all, "uri-miss", "size"))
                .build();
        captured.tryEmitEmpty();
        return consumed.asMono().then(Mono.empty());
    }
}
