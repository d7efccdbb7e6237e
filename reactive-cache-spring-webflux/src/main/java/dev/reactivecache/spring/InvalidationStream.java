package dev.reactivecache.spring;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.Invalidation;
import dev.reactivecache.Invalidation.Cause;
import dev.reactivecache.Invalidation.Gap;
import dev.reactivecache.Invalidation.KeyInvalidated;
import dev.reactivecache.ReactiveCache;
import java.time.Duration;
import org.springframework.http.CacheControl;
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
 * Serves the {@linkplain ReactiveCache#invalidations() invalidations} of a cache as server-sent events, to whoever may
 * see them: nothing is served before a route names this handler.
 *
 * <pre>{@code
 * route().GET("/products/invalidations", InvalidationStream.of(products)).build();
 * }</pre>
 *
 * <p>Events are named {@code key}, with the data <code>{"key": ..., "cause": "INVALIDATED"}</code>, the key as Jackson
 * writes it and a {@link Cause}; and {@code gap}, with the data <code>{"reason": "..."}</code>, after which any key may
 * have changed. A comment opens the stream: whatever changes after it is told. More of them show that the connection is
 * alive. The stream ends when the cache closes.
 *
 * <p>A client that reads slowly never holds up the cache, and costs a bounded amount of memory: changes of one key are
 * merged, and too many of them become a gap. Immutable; serves any number of clients at once.
 */
public final class InvalidationStream implements HandlerFunction<ServerResponse> {
    private static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(15);
    private static final ServerSentEvent<Object> HEARTBEAT =
            ServerSentEvent.builder().comment("").build();
    private static final ServerSentEvent<Object> END =
            ServerSentEvent.builder().comment("end").build();

    private final Flux<? extends Invalidation<?>> invalidations;
    private final Duration heartbeat;
    private final Scheduler timer;

    InvalidationStream(Flux<? extends Invalidation<?>> invalidations, Duration heartbeat, Scheduler timer) {
        this.invalidations = invalidations;
        this.heartbeat = heartbeat;
        this.timer = timer;
    }

    /** Serves the invalidations of a cache, with a heartbeat every 15 seconds. */
    public static InvalidationStream of(ReactiveCache<?, ?> cache) {
        requireNonNull(cache, "cache");
        return new InvalidationStream(cache.invalidations(), DEFAULT_HEARTBEAT, Schedulers.parallel());
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
        return new InvalidationStream(invalidations, interval, timer);
    }

    @Override
    public Mono<ServerResponse> handle(ServerRequest request) {
        return ServerResponse.ok()
                .cacheControl(CacheControl.noStore())
                .body(BodyInserters.fromServerSentEvents(events()));
    }

    Flux<ServerSentEvent<Object>> events() {
        Flux<ServerSentEvent<Object>> changes =
                invalidations.map(InvalidationStream::event).concatWithValues(END);
        Flux<ServerSentEvent<Object>> heartbeats = Flux.interval(Duration.ZERO, heartbeat, timer)
                .onBackpressureDrop()
                .map(tick -> HEARTBEAT);
        return Flux.merge(1, changes, heartbeats).takeWhile(event -> !END.equals(event));
    }

    private static ServerSentEvent<Object> event(Invalidation<?> invalidation) {
        if (invalidation instanceof KeyInvalidated<?> change) {
            return event("key", new KeyData(change.key(), change.cause()));
        }
        return event("gap", new GapData(((Gap<?>) invalidation).reason()));
    }

    private static ServerSentEvent<Object> event(String name, Object data) {
        return ServerSentEvent.builder(data).event(name).build();
    }

    /** The data of a {@code key} event. */
    record KeyData(Object key, Cause cause) {}

    /** The data of a {@code gap} event. */
    record GapData(String reason) {}
}
