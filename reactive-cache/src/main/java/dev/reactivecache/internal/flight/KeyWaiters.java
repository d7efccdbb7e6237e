package dev.reactivecache.internal.flight;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Who waits for word of a key. Nobody is woken twice, and nobody is woken by what came before the place was taken. */
public final class KeyWaiters {
    private final ConcurrentMap<String, List<Waiter>> waiting = new ConcurrentHashMap<>();

    /** A place to wait in, taken before it is known whether waiting is needed. Given up by its owner in any case. */
    public final class Waiter {
        private final String key;
        private final Sinks.Empty<Void> word = Sinks.empty();

        private Waiter(String key) {
            this.key = key;
        }

        /** Completes at the next word of the key, at once if it came since the place was taken. */
        public Mono<Void> word() {
            return word.asMono();
        }

        public void giveUp() {
            waiting.computeIfPresent(key, (same, waiters) -> {
                List<Waiter> others =
                        waiters.stream().filter(other -> other != this).toList();
                return others.isEmpty() ? null : others;
            });
        }
    }

    public Waiter take(String key) {
        Waiter waiter = new Waiter(key);
        waiting.merge(
                key,
                List.of(waiter),
                (before, added) ->
                        Stream.concat(before.stream(), added.stream()).toList());
        return waiter;
    }

    /** Tells all who wait for the key. */
    public void wake(String key) {
        List<Waiter> waiters = waiting.remove(key);
        if (waiters != null) {
            waiters.forEach(waiter -> waiter.word.tryEmitEmpty());
        }
    }

    /** Tells all: word of any key may have been lost. */
    public void wakeAll() {
        waiting.keySet().forEach(this::wake);
    }
}
