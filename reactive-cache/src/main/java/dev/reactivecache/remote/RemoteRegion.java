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
     * {@code Foreign}. A value is emitted while it may be served: fresh, or within one of its {@link Windows}.
     */
    Mono<RemoteState> read(String key);

    /** Reads all but the payload, in one round trip. As {@link #read}; a value comes without its payload. */
    Mono<RemoteState> inspect(String key);

    /**
     * Asks for the right to fill the key, for a caller that has nothing to answer with. Emits
     * {@link RemoteState.Leased}, or what stands in the way. A value with the stamp {@code unreadable} does not: it is
     * of no use to the caller. Nor does one whose refreshes have failed.
     *
     * @param lease after how long another may have the right although this one is not used or given back
     */
    Mono<RemoteState> lease(String key, long token, Duration lease, long unreadable);

    /**
     * Asks for the right to replace a value that the caller could still answer with, unless it is fresh for long
     * enough. Emits one of
     *
     * <ul>
     *   <li>{@link RemoteState.Leased}, over the value;
     *   <li>{@link RemoteState.Value} with its payload: other content is there now, which may be served;
     *   <li>{@code Value} without payload, of the same stamp: it is fresh for longer than {@code within}, since its
     *       times have moved;
     *   <li>{@link RemoteState.Loading}: another has the right;
     *   <li>{@link RemoteState.Resting}: refreshes have failed;
     *   <li>{@link RemoteState.Writing};
     *   <li>{@link RemoteState.Missing}: nothing is there that may be served. The caller's copy is of no use either.
     * </ul>
     *
     * @param lease after how long another may have the right although this one is not used or given back
     * @param stamp of the value
     * @param within for how much longer it may be fresh at most; zero if its ttl must have ended
     */
    Mono<RemoteState> refresh(String key, long token, Duration lease, long stamp, Duration within);

    /**
     * Prolongs the right to fill, counted from now. Emits false if it does not stand any more. A value over which the
     * right stands is kept as long, though not served for longer.
     */
    Mono<Boolean> renew(String key, long token, Duration lease);

    /**
     * Stores what was loaded under a token, unless that token has been voided. Emits the stamp of the stored value, or
     * {@link RemoteState#NO_STAMP} if it was refused.
     */
    Mono<Long> fill(String key, long token, NewValue value);

    /**
     * Gives the value over which the right was granted a life from now on: the source says that it has not changed.
     * Its stamp and its mark stay, and the right is given back. Emits false, and does nothing, if the right does not
     * stand any more, or is not over the value with this stamp.
     *
     * @param ttl how long it is fresh
     * @param windows what it may be used for after that
     * @param loadTime how long the source took
     */
    Mono<Boolean> extend(String key, long token, long stamp, Duration ttl, Windows windows, Duration loadTime);

    /** Gives the right to fill back. A value over which it was granted stays as it is, and anybody may refresh it. */
    Mono<Void> release(String key, long token);

    /**
     * Gives the right to fill back after a load that failed. Over a value, lets nobody refresh it for a while: the
     * first time for {@code first}, and for twice as long after each failure in a row, up to {@code longest}. Any other
     * content, and {@link #extend}, ends the row. Emits for how long; zero if the right was not over a value, or did
     * not stand any more.
     */
    Mono<Duration> rest(String key, long token, Duration first, Duration longest);

    /**
     * Gives the right to fill back, and deletes the value over which it was granted, which is announced to every node:
     * the source has none any more. Does nothing if the right does not stand any more.
     */
    Mono<Void> remove(String key, long token);

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
