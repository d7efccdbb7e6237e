package dev.reactivecache.spring.web;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.spring.web.ResponseStore.Found;
import dev.reactivecache.spring.web.ResponseStore.Wanted;
import java.net.URI;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.util.unit.DataSize;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/**
 * Answers {@code GET} and {@code HEAD} requests of a WebFlux application from a cache, whether their endpoints are
 * annotated or functional. A bean of this type is all that is needed:
 *
 * <pre>{@code
 * @Bean
 * CachedResponses cachedResponses(ReactiveCache<String, StoredResponse> responses) {
 *     return CachedResponses.of(responses, "/products/**");
 * }
 * }</pre>
 *
 * <p>Concurrent requests of one response that is not stored run its handler once. What is stored, for how long, and
 * what never is, follows RFC 9111 for a shared cache, and {@link HttpCacheOptions}. A response without an {@code ETag}
 * gets a strong one; {@code If-None-Match} and {@code If-Modified-Since} are answered here. {@code Cache-Status} says
 * what was done. A request that may change its resource, such as {@code PUT}, and is answered without an error, drops
 * what is stored of its URI before the answer is sent.
 *
 * <p>It must come after the filters that decide who may see a response, Spring Security's among them, which is so with
 * the default {@linkplain #getOrder() order}. A handler that runs longer than the cache's load timeout fails.
 * Immutable.
 */
public final class CachedResponses implements WebFilter, Ordered {
    static final DataSize DEFAULT_MEMORY = DataSize.ofMegabytes(64);

    private final ReactiveCache<String, StoredResponse> cache;
    private final List<PathPattern> paths;
    private final HttpCacheOptions options;
    private final int order;
    private final RunRules rules;
    private final ResponseStore store;
    private final CacheKeys keys;
    private final ServerAnswers answers;
    private final ChangedResources changed;

    private CachedResponses(
            ReactiveCache<String, StoredResponse> cache, List<PathPattern> paths, int order, RunRules rules) {
        this.cache = cache;
        this.paths = paths;
        this.options = rules.options();
        this.order = order;
        this.rules = rules;
        this.store = new ResponseStore(cache, rules.policy());
        this.keys = new CacheKeys(options);
        this.answers = new ServerAnswers(rules.status(), options);
        this.changed = new ChangedResources(cache, keys);
    }

    /**
     * Begins a cache of responses: its codecs are set, and its memory is bounded by 64 MiB of bodies and header fields.
     * Give it a remote tier to share responses between nodes.
     */
    public static ReactiveCacheBuilder<String, StoredResponse> cache(String name) {
        return ReactiveCache.<String, StoredResponse>builder(name)
                .key(KeyCodec.ofString())
                .value(StoredResponse.codec())
                .local(memory(DEFAULT_MEMORY));
    }

    /**
     * Keeps responses in memory, of roughly this size together, with their header fields and keys.
     *
     * @throws IllegalArgumentException if it is not above zero
     */
    public static LocalTier<String, StoredResponse> memory(DataSize maximum) {
        return LocalTier.maximumWeight(
                maximum.toBytes(), (key, response) -> Footprint.sum(Footprint.of(key), response.weight()));
    }

    /**
     * Answers requests whose path matches one of these patterns, as {@link PathPattern} spells them.
     *
     * @throws IllegalArgumentException if there is no pattern, or one is not valid
     */
    public static CachedResponses of(ReactiveCache<String, StoredResponse> cache, String... paths) {
        requireNonNull(cache, "cache");
        if (paths.length == 0) {
            throw new IllegalArgumentException("paths must name at least one pattern, for example /products/**");
        }
        List<PathPattern> patterns =
                Stream.of(paths).map(PathPatternParser.defaultInstance::parse).toList();
        RunRules rules =
                RunRules.of(cache.name(), HttpCacheOptions.defaults(), InstantSource.system(), exchange -> List.of());
        return new CachedResponses(cache, patterns, 0, rules);
    }

    /** With other options. */
    public CachedResponses withOptions(HttpCacheOptions options) {
        requireNonNull(options, "options");
        return new CachedResponses(
                cache, paths, order, RunRules.of(cache.name(), options, rules.clock(), rules.tags()));
    }

    /**
     * With tags, by which {@code cache.invalidateTag} drops responses: what this returns for the exchange whose handler
     * has just made one, beside those of {@link HttpCacheOptions#withTagHeader}. The attributes of the exchange have
     * what the handler has left there, the path's variables among them. Called once for each response that may be
     * stored; must be quick. If it fails, or a tag is not valid, the response is not stored.
     */
    public CachedResponses withTags(Function<? super ServerWebExchange, ? extends Collection<String>> tags) {
        requireNonNull(tags, "tags");
        return new CachedResponses(cache, paths, order, RunRules.of(cache.name(), options, rules.clock(), tags));
    }

    /** At another place among the filters. Default: 0, which is after Spring Security's. */
    public CachedResponses withOrder(int order) {
        return new CachedResponses(cache, paths, order, rules);
    }

    /** With another time of day, by which {@code Date} and {@code Expires} are judged. For tests. */
    CachedResponses withClock(InstantSource clock) {
        return new CachedResponses(cache, paths, order, RunRules.of(cache.name(), options, clock, rules.tags()));
    }

    @Override
    public int getOrder() {
        return order;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
        if (paths.stream().noneMatch(pattern -> pattern.matches(path))) {
            return chain.filter(exchange);
        }
        if (ChangedResources.changes(exchange.getRequest().getMethod())) {
            ServerHttpResponse response = exchange.getResponse();
            URI target = exchange.getRequest().getURI();
            response.beforeCommit(() -> changed.drop(target, response.getStatusCode(), response.getHeaders()));
        }
        boolean certified = hasCertificate(exchange.getRequest());
        String bypass = bypass(exchange.getRequest(), certified);
        if (bypass != null) {
            return forward(exchange, chain, bypass.equals("method") ? "method" : "bypass", bypass);
        }
        return exchange.getPrincipal().hasElement().flatMap(known -> {
            if (known && !options.cachesAuthorized()) {
                return forward(exchange, chain, "bypass", "credentials");
            }
            Asked asked = Asked.by(exchange.getRequest().getHeaders());
            return answer(exchange, chain, known || certified ? asked.bySomebodyKnown() : asked);
        });
    }

    private static boolean hasCertificate(ServerHttpRequest request) {
        SslInfo tls = request.getSslInfo();
        return tls != null && tls.getPeerCertificates() != null;
    }

    private @Nullable String bypass(ServerHttpRequest request, boolean certified) {
        return certified && !options.cachesAuthorized()
                ? "credentials"
                : rules.policy()
                        .bypass(
                                request.getMethod(),
                                request.getHeaders(),
                                request.getCookies().keySet());
    }

    private Mono<Void> answer(ServerWebExchange exchange, WebFilterChain chain, Asked asked) {
        ServerHttpRequest request = exchange.getRequest();
        HttpHeaders headers = asked.headers();
        Wanted wanted = new Wanted(keys.of(request), () -> keys.tag(request.getURI()), headers);
        if (rules.policy().wantsOnlyStored(headers)) {
            return peek(exchange, wanted, Mono.defer(() -> notStored(exchange.getResponse())));
        }
        if (HttpMethod.HEAD.equals(request.getMethod())) {
            return peek(exchange, wanted, Mono.defer(() -> forwardHead(exchange, chain, wanted)));
        }
        if (ByteRange.isAsked(headers)) {
            Mono<Void> handlers = Mono.defer(() -> forward(exchange, chain, "bypass", "range"));
            return ByteRange.isOne(headers) ? peek(exchange, wanted, handlers) : handlers;
        }
        HandlerRun run = new HandlerRun(exchange, chain, asked, rules);
        return store.find(wanted, run::begin)
                // a cache that is closed, while the application is, must fail nobody
                .onErrorResume(failure -> !run.isBegun() && store.isClosed(), failure -> Mono.just(Found.NOTHING))
                .doOnCancel(run::abandon)
                .flatMap(found -> {
                    if (found.response() != null) {
                        run.abandon(); // what it does from now on is for the store alone
                        return answers.write(exchange, found);
                    }
                    return run.isBegun() ? run.rest() : forward(exchange, chain, "uri-miss", "not-stored");
                });
    }

    private Mono<Void> peek(ServerWebExchange exchange, Wanted wanted, Mono<Void> otherwise) {
        return store.peek(wanted)
                .map(found -> answers.write(exchange, found))
                .defaultIfEmpty(otherwise)
                .flatMap(writing -> writing);
    }

    private Mono<Void> forwardHead(ServerWebExchange exchange, WebFilterChain chain, Wanted wanted) {
        ServerHttpResponse response = exchange.getResponse();
        response.beforeCommit(() -> HttpStatus.OK.equals(statusOf(response))
                ? store.dropUnlike(wanted, response.getHeaders())
                : Mono.empty());
        return forward(exchange, chain, "uri-miss", "head");
    }

    private static HttpStatusCode statusOf(ServerHttpResponse response) {
        HttpStatusCode set = response.getStatusCode();
        return set == null ? HttpStatus.OK : set;
    }

    private Mono<Void> forward(
            ServerWebExchange exchange, WebFilterChain chain, String reason, @Nullable String detail) {
        rules.status().forwarded(exchange.getResponse().getHeaders(), reason, detail);
        return chain.filter(exchange);
    }

    private Mono<Void> notStored(ServerHttpResponse response) {
        response.setStatusCode(HttpStatus.GATEWAY_TIMEOUT);
        rules.status().forwarded(response.getHeaders(), "request", "only-if-cached");
        return response.setComplete();
    }

    @Override
    public String toString() {
        return "CachedResponses[" + cache.name() + ", " + paths + "]";
    }
}
