package dev.reactivecache;

import java.time.Duration;

/**
 * Counters of one cache on this node, since it was built. A snapshot; the counts of one snapshot may be taken a moment
 * apart.
 *
 * @param localHits reads answered from memory, without asking anybody
 * @param remoteHits reads answered by the remote tier, or by this node's copy after the remote tier confirmed it
 * @param misses reads that no tier could answer; those who joined another's flight count as coalesced instead
 * @param coalesced reads that were answered on another's flight instead of starting one
 * @param loads loader calls that ended with a value or empty
 * @param loadFailures loader calls that failed, or took too long
 * @param loadTime of all loader calls together
 * @param checks entries whose stamp was compared with the remote tier's before they were served again
 * @param refusedFills loaded values that the remote tier did not take, because the key had been invalidated meanwhile
 * @param unreadable values of the remote tier that could not be decoded here, or were not this toolkit's
 * @param unwritable loaded values that could not be encoded, and so were not stored remotely
 * @param remoteFailures failures of the remote tier that a read or clean-up survived
 * @param invalidations changes reported by the remote tier's stream, or made here if there is none
 * @param gaps times that changes may have been missed
 * @param recovered keys whose invalidation the remote tier acknowledged late, after it had not done so at once, or that
 *     were sent again because it may have lost them
 * @param lost invalidations that the remote tier did not acknowledge and that are not sent again: the cache was
 *     closed
 * @param evictions entries thrown out of memory for want of room
 * @param localSize keys in memory now
 * @param localWeight what these weigh together; the same as their number unless the cache is bounded by weight
 * @param observerFailures how often an observer threw
 * @param staleRevalidating reads answered with a value whose time to live had ended, while it was loaded anew
 * @param staleOnError reads answered with such a value because loading it anew had failed
 * @param staleOnTimeout reads answered with such a value because loading it anew took too long
 * @param refreshes keys loaded anew with nobody waiting
 * @param refreshFailures keys for which that failed
 * @param skippedRefreshes keys for which a read asked for that, and it was left: too many were under way, another node
 *     did it, it had failed a short while ago, or the cache has no loader of its own
 */
public record CacheStats(
        long localHits,
        long remoteHits,
        long misses,
        long coalesced,
        long loads,
        long loadFailures,
        Duration loadTime,
        long checks,
        long refusedFills,
        long unreadable,
        long unwritable,
        long remoteFailures,
        long invalidations,
        long gaps,
        long recovered,
        long lost,
        long evictions,
        long localSize,
        long localWeight,
        long observerFailures,
        long staleRevalidating,
        long staleOnError,
        long staleOnTimeout,
        long refreshes,
        long refreshFailures,
        long skippedRefreshes) {}
