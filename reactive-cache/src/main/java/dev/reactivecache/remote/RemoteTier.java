package dev.reactivecache.remote;

import reactor.core.publisher.Mono;

/**
 * A store that several nodes share, with word of its changes: what a cache needs of its remote tier. Used by many
 * caches at once; each has a region of its own.
 */
public interface RemoteTier {

    /**
     * Opens the region of one cache.
     *
     * @throws IllegalStateException if a cache of that name is open on this tier, or the tier is closed
     */
    RemoteRegion open(String cache, RegionListener listener);

    /**
     * Completes when the tier is connected, and hears of changes. Errors when it finds out that it never will without
     * somebody's help: wrong password, server too old, notifications off. Each subscription waits anew.
     */
    Mono<Void> ready();

    /** How the tier is at this moment. */
    RemoteHealth health();

    /** Closes the tier and all that it opened itself. Closing again does nothing. */
    Mono<Void> close();
}
