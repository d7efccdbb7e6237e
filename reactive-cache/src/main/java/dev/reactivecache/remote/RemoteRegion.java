package dev.reactivecache.remote;

import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The part of a {@link RemoteTier} that one cache uses. Each {@code Mono} is lazy, sends what it sends once per
 * subscription, completes within the tier's timeouts, and errors with {@link RemoteTierException} when the tier did not
 * acknowledge; what was sent may then have been done or not. Every operation may be done twice without harm.
 *
 * <p>A <em>token</em> is a number never used before. It stands for one attempt to load or one write; the tier compares
 * tokens and does nothing else with them.
 */
public interface RemoteRegion {

    /** The epoch that the stream is in for this key. */
    Epoch epoch(String key);

    /**
     * Reads. Emits one element: {@link RemoteState.Value}, {@code Missing}, {@code Loading}, {@code Writing} or
     * {@code Foreign}.
     */
    Mono<RemoteState> read(String key);

    /** Reads all but the payload, in one round trip. As {@link #read}; a value comes without its payload. */
    Mono<RemoteState> inspect(String key);

    /**
     * Asks for the right to fill the key. Emits {@link RemoteState.Leased}, or what stands in the way. A value with the
     * stamp {@code unreadable} does not: its bytes were of no use to the caller.
     *
     * @param lease after how long another may have the right although this one is not used or given back
     */
    Mono<RemoteState> lease(String key, long token, Duration lease, long unreadable);

    /** Prolongs the right to fill, counted from now. Emits false if it does not stand any more. */
    Mono<Boolean> renew(String key, long token, Duration lease);

    /**
     * Stores what was loaded under a token, unless that token has been voided. Emits the stamp of the stored value, or
     * {@link RemoteState#NO_STAMP} if it was refused.
     */
    Mono<Long> fill(String key, long token, NewValue value);

    /** Gives the right to fill back. */
    Mono<Void> release(String key, long token);

    /**
     * Deletes the key's value, voids every right to fill it, and announces that to every node, also if there was
     * nothing.
     */
    Mono<Void> invalidate(String key);

    /** As {@link #invalidate}; and lets nobody fill the key until {@link #endWrite}, or the quarantine's end. */
    Mono<Void> beginWrite(String key, long token, Duration quarantine);

    /**
     * Ends a write. The value is stored only if no other write and no invalidation overlapped with it; else the key is
     * left absent, or in the other writer's quarantine. That is announced to every node.
     *
     * @param value what the source now has, or null to leave the key absent
     */
    Mono<Void> endWrite(String key, long token, @Nullable NewValue value);

    /** Stores a value as it is, unless a write of the key is under way, which then ends with the key absent. */
    Mono<Void> put(String key, NewValue value);

    /**
     * Asks every node that has this region open whether it has applied the changes of a key that were acknowledged
     * before. Emits how many have, first at once and then whenever one more has, and completes when all have; that may
     * never be. Errors if the nodes cannot be asked, or are not all known.
     */
    Flux<Spread> spread(String key);

    /** The epoch that the stream is in for generations. */
    Epoch generationEpoch();

    /** Reads which generations the region is in, and when those of some tags have ended. */
    Mono<Generation> generation(Collection<String> tags);

    /** Ends the generations of a tag, or of the whole region, if null, and then announces that to every node. */
    Mono<Void> endGeneration(@Nullable String tag);

    /**
     * As {@link #spread}, of the ends of a tag's generations, or of the whole region's, that were acknowledged before.
     */
    Flux<Spread> spreadOfGeneration(@Nullable String tag);

    /**
     * The keys that begin with a prefix: all that are there from the subscription to the end, perhaps others, perhaps
     * some twice. Asks in many small steps. Errors if it cannot be said whether these were all.
     */
    Flux<String> keys(String prefix);

    /** Gives the region up: its listener hears nothing more, and its name is free. */
    void close();
}
