package dev.reactivecache.internal.change;

import dev.reactivecache.internal.flight.KeyWaiters;
import dev.reactivecache.internal.recovery.Repairs;
import dev.reactivecache.remote.RemoteRegion;

/**
 * The remote tier as one cache sees it.
 *
 * @param region what is sent to it
 * @param rules what the cache's mode means
 * @param repairs what is sent to it again until it is acknowledged
 * @param generations which of its content is void
 * @param waiters who waits on this node for word of a key
 */
public record SharedTier(
        RemoteRegion region, ModeRules rules, Repairs repairs, Generations generations, KeyWaiters waiters) {}
