package dev.reactivecache.spring;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.Invalidation;
import dev.reactivecache.Invalidation.Cause;
import dev.reactivecache.Invalidation.Gap;
import dev.reactivecache.Invalidation.KeyInvalidated;
import dev.reactivecache.Invalidation.TagInvalidated;
import dev.reactivecache.ReactiveCache;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Serves the {@linkplain ReactiveCache#invalidations() invalidations} of caches as server-sent events. Nothing is
 * served before a route names this handler.
 *
 * <pre>{@code
 * route().GET("/products/invalidations", InvalidationStream.of(products)).build();
 * }</pre>
 *
 * <p>Events are named {@code key}, with the data <code>{"cache": "products", "key": ..., "cause":
 * "INVALIDATED"}</code>, the key as Jackson writes it and a {@link Cause}; {@code tag}, with <code>{"cache": ...,
 * "tag": ...}</code>; {@code clear}, with <code>{"cache": ...}</code>; and {@code gap}, with <code>{"cache": ...,
 * "reason": "..."}</code>, after which any key of that cache may have changed. The parameters {@code cache} and
 * {@code key}, each any number of times, select caches by name and keys as they are spelt in the remote tier; all but
 * {@code key} events come in any case. A name of no cache of this stream gets 404; a text that is the key of no
 * selected cache gets 400, and so does any other parameter that {@link #withParameters} has not named. A comment opens
 * the stream: whatever changes after it is told. More of them show that the connection is alive. The stream ends when
 * its caches close.
 *
 * <p>A client that comes back, with {@code Last-Event-ID}, first gets a gap for each cache, unless that cache has not
 * changed at all since the client left. Events are not kept, so none is sent again.
 *
 * <p>A client that reads slowly never holds up a cache, and costs a bounded amount of memory: changes of one key are
 * merged, and too many of them become a gap. Immutable; serves any number of clients at once.
 */
public final class InvalidationStream implements HandlerFunction<ServerResponse> {
    private static final List<String> OWN_PARAMETERS = List.of("cache", "key");
    private static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(15);
    private static final ServerSentEvent<Object> HEARTBEAT =
            ServerSentEvent.builder().comment("").build();
    private static final ServerSentEvent<Object> END =
            ServerSentEvent.builder().comment("end").build();

    private final List<InvalidationSource> sources;
    private final Duration heartbeat;
    private final Scheduler timer;
    private final BiFunction<ServerRequest, String, Mono<Boolean>> authorization;
    private final Set<String> parameters;

    private InvalidationStream(
            List<InvalidationSource> sources,
            Duration heartbeat,
            Scheduler timer,
            BiFunction<ServerRequest, String, Mono<Boolean>> authorization,
            Set<String> parameters) {
        this.sources = sources;
        this.heartbeat = heartbeat;
        this.timer = timer;
        this.authorization = authorization;
        this.parameters = parameters;
    }

    InvalidationStream(List<InvalidationSource> sources, Duration heartbeat, Scheduler timer) {
        this(sources, heartbeat, timer, (request, cache) -> Mono.just(true), Set.of());
    }

    /** Serves the invalidations of a cache, with a heartbeat every 15 seconds. */
    public static InvalidationStream of(ReactiveCache<?, ?> cache) {
        return of(List.of(requireNonNull(cache, "cache")));
    }

    /**
     * Serves the invalidations of several caches.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static InvalidationStream of(Collection<? extends ReactiveCache<?, ?>> caches) {
        if (caches.isEmpty()) {
            throw new IllegalArgumentException("caches must not be empty");
        }
        List<InvalidationSource> sources =
                caches.stream().map(InvalidationSource::of).toList();
        return new InvalidationStream(sources, DEFAULT_HEARTBEAT, Schedulers.parallel());
    }

    /**
     * How often a comment is sent, so that neither side nor a proxy between them takes a quiet stream for a dead one.
     *
     * @throws IllegalArgumentException if it is below a millisecond
     */
    public InvalidationStream withHeartbeat(Duration interval) {
        if (requireNonNull(interval, "heartbeat").compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("heartbeat (" + interval + ") must be at least a millisecond");
        }
        return new InvalidationStream(sources, interval, timer, authorization, parameters);
    }

    /**
     * Asks for each request, and the name of each cache that it would be served, whether it may see that cache's
     * invalidations. A request that names a cache it may not see gets 403; one that names none is served the caches
     * that it may see, and gets 403 if there is none. An empty answer means no, an error is the response's. By default
     * every client may that the route lets in.
     *
     * <p>Who may see a cache may see all of it: the parameter {@code key} is a convenience, and tags, clears and gaps
     * come whatever it says.
     */
    public InvalidationStream withAuthorization(BiFunction<ServerRequest, String, Mono<Boolean>> mayRead) {
        return new InvalidationStream(sources, heartbeat, timer, requireNonNull(mayRead, "authorization"), parameters);
    }

    /**
     * Parameters that requests may have for others to read, as {@code access_token}, in place of those named before.
     */
    public InvalidationStream withParameters(String... names) {
        return new InvalidationStream(sources, heartbeat, timer, authorization, Set.of(names));
    }

    @Override
    public Mono<ServerResponse> handle(ServerRequest request) {
        List<String> names = request.queryParams().getOrDefault("cache", List.of());
        if (names.stream().anyMatch(name -> !knows(name))) {
            return ServerResponse.notFound().build();
        }
        Optional<String> unknown = request.queryParams().keySet().stream()
                .filter(name -> !OWN_PARAMETERS.contains(name) && !parameters.contains(name))
                .findFirst();
        if (unknown.isPresent()) {
            return refused("unknown parameter '" + unknown.get() + "'; known are " + OWN_PARAMETERS);
        }
        List<InvalidationSource> wanted = sources.stream()
                .filter(source -> names.isEmpty() || names.contains(source.cache()))
                .toList();
        return Flux.fromIterable(wanted)
                .filterWhen(source -> authorization.apply(request, source.cache()))
                .collectList()
                .flatMap(allowed -> {
                    boolean refused = allowed.isEmpty() || (!names.isEmpty() && allowed.size() < wanted.size());
                    return refused ? ServerResponse.status(HttpStatus.FORBIDDEN).build() : serve(request, allowed);
                });
    }

    private static Mono<ServerResponse> refused(String reason) {
        return ServerResponse.badRequest().bodyValue(Map.of("reason", reason));
    }

    private Mono<ServerResponse> serve(ServerRequest request, List<InvalidationSource> allowed) {
        KeyFilter keys = KeyFilter.of(request);
        Optional<String> nobodys =
                keys.keyOfNone(allowed.stream().map(InvalidationSource::cache).toList());
        if (nobodys.isPresent()) {
            return refused("no key of these caches is spelt '" + nobodys.get() + "'");
        }
        String last = request.headers().firstHeader("Last-Event-ID");
        return ServerResponse.ok()
                .cacheControl(CacheControl.noStore())
                .body(BodyInserters.fromServerSentEvents(events(allowed, keys, last)));
    }

    private boolean knows(String cache) {
        return sources.stream().anyMatch(source -> source.cache().equals(cache));
    }

    Flux<ServerSentEvent<Object>> events() {
        return events(sources, KeyFilter.NONE, null);
    }

    private Flux<ServerSentEvent<Object>> events(
            List<InvalidationSource> selected, KeyFilter keys, @Nullable String last) {
        return Flux.defer(() -> {
            String positions = InvalidationSource.positions(selected); // before the subscription: never too new
            Flux<ServerSentEvent<Object>> changes = Flux.fromIterable(selected)
                    .flatMap( // fetches one ahead: the caches merge what waits, which an operator's queue would not
                            source -> source.invalidations()
                                    .filter(change -> isWanted(source.cache(), change, keys))
                                    .map(change -> event(source.cache(), change)),
                            selected.size(),
                            1)
                    .concatWithValues(END);
            Flux<ServerSentEvent<Object>> opening = Flux.defer(() -> opening(selected, positions, last));
            Flux<ServerSentEvent<Object>> heartbeats =
                    Flux.interval(heartbeat, timer).onBackpressureDrop().map(tick -> HEARTBEAT);
            return Flux.merge(1, changes, opening.concatWith(heartbeats)).takeWhile(event -> !END.equals(event));
        });
    }

    private static Flux<ServerSentEvent<Object>> opening(
            List<InvalidationSource> selected, String positions, @Nullable String last) {
        ServerSentEvent<Object> first =
                ServerSentEvent.builder().id(positions).comment("").build();
        Flux<ServerSentEvent<Object>> gaps = Flux.fromIterable(selected)
                .filter(source -> last != null && !source.isUnchangedSince(last))
                .map(source -> event(source.cache(), new Gap<>("the client was away")));
        return Flux.just(first).concatWith(gaps);
    }

    private static boolean isWanted(String cache, Invalidation<?> change, KeyFilter keys) {
        return !(change instanceof KeyInvalidated<?> invalidated) || keys.lets(cache, invalidated.key());
    }

    private static ServerSentEvent<Object> event(String cache, Invalidation<?> invalidation) {
        if (invalidation instanceof KeyInvalidated<?> change) {
            return event("key", new KeyData(cache, change.key(), change.cause()));
        }
        if (invalidation instanceof TagInvalidated<?> change) {
            return event("tag", new TagData(cache, change.tag()));
        }
        if (invalidation instanceof Gap<?> gap) {
            return event("gap", new GapData(cache, gap.reason()));
        }
        return event("clear", new ClearData(cache)); // of the sealed type only CacheCleared is left
    }

    private static ServerSentEvent<Object> event(String name, Object data) {
        return ServerSentEvent.builder(data).event(name).build();
    }

    /** The data of a {@code key} event. */
    record KeyData(String cache, Object key, Cause cause) {}

    /** The data of a {@code tag} event: all that has the tag is void. */
    record TagData(String cache, String tag) {}

    /** The data of a {@code clear} event: all that the cache had is void. */
    record ClearData(String cache) {}

    /** The data of a {@code gap} event. */
    record GapData(String cache, String reason) {}
}
