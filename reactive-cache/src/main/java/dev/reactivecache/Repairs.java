package dev.reactivecache;

import dev.reactivecache.recovery.Recovery;
import dev.reactivecache.recovery.RecoveryHealth;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What a cache sends again until it is acknowledged.
 *
 * @param keys invalidations of keys
 * @param ends clears, and invalidations of tags
 */
record Repairs(Recovery keys, Recovery ends) {

    RecoveryHealth health() {
        RecoveryHealth ofKeys = keys.health();
        boolean whole = ends.isPending(Generations.WHOLE);
        return new RecoveryHealth(
                ofKeys.pending(),
                longer(ofKeys.oldest(), ends.health().oldest()),
                ofKeys.full(),
                Math.max(0, ends.pending() - (whole ? 1 : 0)),
                whole);
    }

    private static @Nullable Duration longer(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Stream.of(one, other).max(Duration::compareTo).get();
    }

    long recovered() {
        return keys.recovered() + ends.recovered();
    }

    long lost() {
        return keys.lost() + ends.lost();
    }

    /** Sends all once more, as {@link Recovery#close} does. */
    Mono<Void> close() {
        return Mono.when(keys.close(), ends.close());
    }
}
