package dev.reactivecache.spring.cache;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The puts of one cache that have begun. On an event loop Spring does not wait for a put, so an invalidation may be
 * asked for while it is under way. That invalidation is of the newer change, and ends the put: else the put could
 * overtake it.
 */
final class PutsUnderWay {
    private final ConcurrentMap<Object, List<Sinks.Empty<Void>>> ends = new ConcurrentHashMap<>();

    /** The put. If it is ended first, it is cancelled, and this completes. */
    Mono<Void> run(Object key, Mono<Void> put) {
        return Mono.using(() -> begin(key), end -> put.takeUntilOther(end.asMono()), end -> forget(key, end));
    }

    private Sinks.Empty<Void> begin(Object key) {
        Sinks.Empty<Void> end = Sinks.empty();
        ends.merge(
                key,
                List.of(end),
                (there, one) -> Stream.concat(there.stream(), one.stream()).toList());
        return end;
    }

    private void forget(Object key, Sinks.Empty<Void> end) {
        ends.computeIfPresent(key, (same, there) -> {
            List<Sinks.Empty<Void>> left =
                    there.stream().filter(other -> other != end).toList();
            return left.isEmpty() ? null : left;
        });
    }

    /** Ends the puts of one key. */
    void end(Object key) {
        ends.getOrDefault(key, List.of()).forEach(Sinks.Empty::tryEmitEmpty);
    }

    /** Ends all puts. */
    void endAll() {
        ends.values().forEach(there -> there.forEach(Sinks.Empty::tryEmitEmpty));
    }

    /** The keys that have any. */
    Set<Object> keys() {
        return ends.keySet();
    }
}
