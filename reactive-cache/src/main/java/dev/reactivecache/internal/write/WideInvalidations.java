package dev.reactivecache.internal.write;

import dev.reactivecache.remote.Spread;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How many keys are invalidated at once, in all tiers. Each {@code Mono} is lazy. */
interface WideInvalidations {

    /** Voids all entries of a tag, or of the whole cache, if null. */
    Mono<Void> end(@Nullable String tag);

    /** How many nodes have applied the ends of a tag, or of the whole cache, that were acknowledged before. */
    Flux<Spread> spread(@Nullable String tag);

    /** Invalidates the keys whose text begins with a prefix; emits, now and then and at the end, how many so far. */
    Flux<Long> invalidatePrefix(String prefix);
}
