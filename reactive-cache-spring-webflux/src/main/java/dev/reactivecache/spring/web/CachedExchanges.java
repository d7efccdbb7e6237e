package dev.reactivecache.spring.web;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.web.HttpCacheOptions.RequestDirectives;
import dev.reactivecache.spring.web.ResponseStore.Found;
import dev.reactivecache.spring.web.ResponseStore.Wanted;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.ExchangeStrategies;
import reactor.core.publisher.Mono;

/**
 * Answers a {@code WebClient}'s {@code GET} and {@code HEAD} requests from a cache, by the rules of {@link
 * CachedResponses}:
 *
 * <pre>{@code
 * WebClient.builder().filter(CachedExchanges.of(responses)).build()
 * }</pre>
 *
 * <p>By default only responses are stored that say for how long they are fresh, and the {@code Cache-Control} of
 * requests is honoured. Concurrent calls for one response that is not stored are one. A call that takes longer than the
 * cache's load timeout fails. A stored response that is not fresh any more, or that a call wants to have validated, is
 * asked about by its {@code ETag} or {@code Last-Modified}, and kept if the server answers 304. A call that may change
 * its resource, such as a {@code PUT}, and is answered without an error, drops what is stored of its URI.
 *
 * <p>Add it after the filters that change requests, above all after those that add credentials: it answers by the
 * request that it is given. What is stored is judged by the request as it was sent: not with credentials or cookies
 * that a later filter or the connector has added, not if one of them has changed the URI or a field of the key, and not
 * after a redirect. Immutable.
 */
public final class CachedExchanges implements ExchangeFilterFunction {
    private static final HttpCacheOptions DEFAULTS =
            HttpCacheOptions.defaults().withExplicitLifetimeOnly().withRequestDirectives(RequestDirectives.HONOUR);

    private final ReactiveCache<String, StoredResponse> cache;
    private final CallRules rules;
    private final ResponseStore store;
    private final ClientAnswers answers;
    private final ChangedResources changed;

    private CachedExchanges(ReactiveCache<String, StoredResponse> cache, CallRules rules) {
        this.cache = cache;
        this.rules = rules;
        this.store = new ResponseStore(cache, rules.policy());
        this.answers = new ClientAnswers(rules);
        this.changed = new ChangedResources(cache, rules.keys());
    }

    /** Answers from this cache, one of {@link CachedResponses#cache}. */
    public static CachedExchanges of(ReactiveCache<String, StoredResponse> cache) {
        String name = requireNonNull(cache, "cache").name();
        return new CachedExchanges(
                cache,
                CallRules.of(
                        name,
                        DEFAULTS,
                        ClientStrategies.ofTheClient(),
                        InstantSource.system(),
                        false,
                        request -> List.of()));
    }

    private CachedExchanges with(
            HttpCacheOptions options, ClientStrategies strategies, InstantSource clock, boolean connectorIsPlain) {
        return new CachedExchanges(
                cache, CallRules.of(cache.name(), options, strategies, clock, connectorIsPlain, rules.tags()));
    }

    /**
     * With other options, in place of all.
     *
     * @throws IllegalArgumentException if they ignore the host: then all servers would have one key
     */
    public CachedExchanges withOptions(HttpCacheOptions options) {
        if (requireNonNull(options, "options").ignoresHost()) {
            throw new IllegalArgumentException("options for outgoing calls must not ignore the host");
        }
        return with(options, rules.strategies(), rules.clock(), rules.connectorIsPlain());
    }

    /**
     * With codecs that read what was stored. Default: those of the client whose response came last, and before the
     * first one the default codecs. To be set where clients with different codecs have this filter, or where a client
     * has codecs of its own and a remote tier.
     */
    public CachedExchanges withStrategies(ExchangeStrategies strategies) {
        return with(
                rules.options(),
                ClientStrategies.of(requireNonNull(strategies, "strategies")),
                rules.clock(),
                rules.connectorIsPlain());
    }

    /**
     * The connector adds no credentials and no cookies of its own, and follows no redirects. Only of Reactor Netty's
     * can that be seen; of another one, responses are not stored without this promise. Jetty's and Apache's clients
     * keep cookies and follow redirects unless told otherwise.
     */
    public CachedExchanges withPlainConnector() {
        return with(rules.options(), rules.strategies(), rules.clock(), true);
    }

    /**
     * With tags, by which {@code cache.invalidateTag} drops responses: what this returns for the request of one, beside
     * those of {@link HttpCacheOptions#withTagHeader}. Must be quick. If it fails, or a tag is not valid, the response
     * is not stored.
     */
    public CachedExchanges withTags(Function<? super ClientRequest, ? extends Collection<String>> tags) {
        requireNonNull(tags, "tags");
        return new CachedExchanges(
                cache,
                CallRules.of(
                        cache.name(),
                        rules.options(),
                        rules.strategies(),
                        rules.clock(),
                        rules.connectorIsPlain(),
                        tags));
    }

    /** With another time of day, by which {@code Date} and {@code Expires} are judged. For tests. */
    CachedExchanges withClock(InstantSource clock) {
        return with(rules.options(), rules.strategies(), clock, rules.connectorIsPlain());
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
        if (goesPast(request)) {
            return next.exchange(request);
        }
        Wanted wanted = new Wanted(
                rules.keys().of(request.url(), headers), () -> rules.keys().tag(request.url()), headers);
        if (rules.policy().wantsOnlyStored(headers)) {
            return peek(request, wanted, notStored(request));
        }
        Mono<ClientResponse> servers = Mono.defer(() -> next.exchange(request));
        if (ByteRange.isAsked(headers) && !ByteRange.isOne(headers)) {
            return servers;
        }
        if (HttpMethod.HEAD.equals(request.method())) {
            return peek(request, wanted, servers.flatMap(head -> dropUnlike(wanted, head)));
        }
        boolean storedOnly = ByteRange.isAsked(headers) || Conditions.areIn(headers);
        return storedOnly ? peek(request, wanted, servers) : find(request, next, wanted);
    }

    /** Also a request with a body, which is no part of the key, and one whose URI names no server, or a user. */
    private boolean goesPast(ClientRequest request) {
        return request.body() != BodyInserters.empty()
                || request.url().getRawAuthority() == null
                || request.url().getRawAuthority().indexOf('@') >= 0
                || rules.policy()
                                .bypass(
                                        request.method(),
                                        request.headers(),
                                        request.cookies().keySet())
                        != null;
    }

    private Mono<ClientResponse> peek(ClientRequest request, Wanted wanted, Mono<ClientResponse> otherwise) {
        return store.peek(wanted).map(found -> answers.to(request, found)).switchIfEmpty(otherwise);
    }

    private Mono<ClientResponse> dropUnlike(Wanted wanted, ClientResponse head) {
        return HttpStatus.OK.equals(head.statusCode())
                ? store.dropUnlike(wanted, head.headers().asHttpHeaders()).thenReturn(head)
                : Mono.just(head);
    }

    private Mono<ClientResponse> find(ClientRequest request, ExchangeFunction next, Wanted wanted) {
        return Mono.defer(() -> {
            ClientCall call = new ClientCall(request, next, wanted.key(), rules);
            return store.find(wanted, call::begin)
                    .onErrorResume(failure -> !call.isBegun() && store.isClosed(), failure -> Mono.just(Found.NOTHING))
                    .doOnCancel(call::abandon)
                    .flatMap(found -> answer(request, next, call, found));
        });
    }

    private Mono<ClientResponse> answer(ClientRequest request, ExchangeFunction next, ClientCall call, Found found) {
        if (found.response() != null) {
            call.abandon(); // what it does from now on is for the store alone
            return Mono.just(answers.to(request, found));
        }
        ClientResponse handedOver = call.handedOver();
        return handedOver != null ? Mono.just(handedOver) : next.exchange(request);
    }

    private Mono<ClientResponse> notStored(ClientRequest request) {
        return Mono.fromSupplier(() -> ClientResponse.create(
                        HttpStatus.GATEWAY_TIMEOUT, rules.strategies().get())
                .request(new AnsweredRequest(request))
                .headers(headers -> rules.status().forwarded(headers, "request", "only-if-cached"))
                .build());
    }

    @Override
    public String toString() {
        return "CachedExchanges[" + cache.name() + "]";
    }
}
