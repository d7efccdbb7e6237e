package dev.reactivecache.internal.load;

import reactor.core.publisher.Mono;

/** Keeps a call of the source within bounds: of time, and of how many calls are under way. */
@FunctionalInterface
public interface CallBounds {
    /** The call, within bounds; errors with {@link GivenUpException} where it goes beyond them. */
    <T> Mono<T> around(Mono<T> call);

    /** No bounds. */
    static CallBounds none() {
        return CallBounds::itself;
    }

    private static <T> Mono<T> itself(Mono<T> call) {
        return call;
    }
}
