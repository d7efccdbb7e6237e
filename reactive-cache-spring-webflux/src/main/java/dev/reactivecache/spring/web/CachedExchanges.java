package dev.reactivecache.spring.web;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.web.HttpCacheOptions.RequestDirectives;
import dev.reactivecache.spring.web.ResponseStore.Found;
import dev.reactivecache.spring.web.ResponseStore.Source;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.ExchangeStrategies;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Answers a {@code WebClient}'s {@code GET} and {@code HEAD} requests from a cache, by the rules of {@link CachedResponses}:
 *
 * <pre>{@code
 * WebClient.builder().filter(CachedExchanges.of(responses)).build()
 * }</pre>
 *
 * <p>By default only responses are stored that say for how long they are fresh, and the {@code Cache-Control} of requests is
 * honoured. Concurrent calls for one response that is not stored are one. A call that takes longer than the cache's load
 * timeout fails. A stored response that is not fresh any more, or that a call wants to have validated, is asked about by its
 * {@code ETag} or {@code Last-Modified}, and kept if the server answers 304. A call that may change its resource, such as a {@code PUT}, and is answered without an error, drops what is
 * stored of its URI. Immutable.
 */
public final class CachedExchanges implements ExchangeFilterFunction {
    private static final HttpCacheOptions DEFAULTS =
            HttpCacheOptions.defaults().withExplicitLifetimeOnly().withRequestDirectives(RequestDirectives.HONOUR);

    private final ReactiveCache<String, StoredResponse> cache;
    private final HttpCacheOptions options;
    private final ExchangeStrategies strategies;
    private final StoragePolicy policy;
    private final ResponseStore store;
    private final CacheStatus status;
    private final CacheKeys keys;
    private final ChangedResources changed;

    private CachedExchanges(
            ReactiveCache<String, StoredResponse> cache, HttpCacheOptions options, ExchangeStrategies strategies) {
        this.cache = cache;
        this.options = options;
        this.strategies = strategies;
        this.policy = new StoragePolicy(options);
        this.store = new ResponseStore(cache, policy);
        this.status = new CacheStatus(cache.name(), options);
        this.keys = new CacheKeys(options);
        this.changed = new ChangedResources(cache, keys);
    }

    /** Answers from this cache, one of {@link CachedResponses#cache}. */
    public static CachedExchanges of(ReactiveCache<String, StoredResponse> cache) {
        return new CachedExchanges(requireNonNull(cache, "cache"), DEFAULTS, ExchangeStrategies.withDefaults());
    }

    /** With other options, in place of all. */
    public CachedExchanges withOptions(HttpCacheOptions options) {
        return new CachedExchanges(cache, requireNonNull(options, "options"), strategies);
    }

    /** With the codecs of the client, if they are not the default ones: they read what was stored. */
    public CachedExchanges withStrategies(ExchangeStrategies strategies) {
        return new CachedExchanges(cache, options, requireNonNull(strategies, "strategies"));
    }

    @Override
    public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
        if (ChangedResources.changes(request.method())) {
            return next.exchange(request)
                    .flatMap(response -> changed.drop(
                                    request.url(),
                                    response.statusCode(),
                                    response.headers().asHttpHeaders())
                            .thenReturn(response));
        }
        HttpHeaders headers = request.headers();
        String bypass =
                policy.bypass(request.method(), headers, request.cookies().keySet());
        boolean conditional = headers.containsHeader(HttpHeaders.IF_NONE_MATCH)
                || headers.containsHeader(HttpHeaders.IF_MODIFIED_SINCE);
        if (bypass != null || conditional) {
            return next.exchange(request);
        }
        String key = keys.of(request.url(), headers);
        if (policy.wantsOnlyStored(headers)) {
            return store.peek(key, headers)
                    .map(found -> response(request, found))
                    .switchIfEmpty(notStored());
        }
        if (HttpMethod.HEAD.equals(request.method())) {
            return store.peek(key, headers)
                    .map(found -> response(request, found))
                    .switchIfEmpty(Mono.defer(() -> next.exchange(request)));
        }
        return Mono.defer(() -> {
            ClientCall call = new ClientCall(request, next, policy, options.maximumBody(), status);
            return store.find(key, keys.tag(request.url()), headers, call::begin)
                    .doOnCancel(call::abandon)
                    .flatMap(found -> answer(request, next, call, found));
        });
    }

    private Mono<ClientResponse> answer(ClientRequest request, ExchangeFunction next, ClientCall call, Found found) {
        if (found.response() != null) {
            return Mono.just(response(request, found));
        }
        ClientResponse handedOver = call.handedOver();
        return handedOver != null ? Mono.just(handedOver) : next.exchange(request);
    }

    private Mono<ClientResponse> notStored() {
        return Mono.fromSupplier(() -> ClientResponse.create(HttpStatus.GATEWAY_TIMEOUT, strategies)
                .headers(headers -> status.forwarded(headers, "request", "only-if-cached"))
                .build());
    }

    private ClientResponse response(ClientRequest request, Found found) {
        ClientResponse.Builder response = requireNonNull(found.response()).toClient(strategies);
        if (HttpMethod.HEAD.equals(request.method())) {
            response.body(Flux.empty());
        }
        return response.headers(headers -> {
                    if (found.source() == Source.HIT || !found.age().isZero()) {
                        headers.set(HttpHeaders.AGE, Long.toString(found.age().toSeconds()));
                    }
                    status.answered(headers, found);
                })
                .build();
    }

    @Override
    public String toString() {
        return "CachedExchanges[" + cache.name() + "]";
    }
}
