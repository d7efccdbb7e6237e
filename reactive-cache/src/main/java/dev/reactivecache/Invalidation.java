package dev.reactivecache;

import java.util.Objects;

/**
 * One event of {@link ReactiveCache#invalidations()}.
 *
 * @param <K> the type of the cache's keys
 */
public sealed interface Invalidation<K> {

    /**
     * A key was dropped or changed.
     *
     * @param key the key
     * @param cause why
     */
    record KeyInvalidated<K>(K key, Cause cause) implements Invalidation<K> {
        /** Checks its parts. */
        public KeyInvalidated {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(cause, "cause");
        }
    }

    /**
     * All entries of a tag were invalidated.
     *
     * @param tag the tag
     */
    record TagInvalidated<K>(String tag) implements Invalidation<K> {
        /** Checks its parts. */
        public TagInvalidated {
            Objects.requireNonNull(tag, "tag");
        }
    }

    /** All entries of the cache were invalidated. */
    record CacheCleared<K>() implements Invalidation<K> {}

    /**
     * Events may have been missed here: any key may have changed.
     *
     * @param reason why, for people
     */
    record Gap<K>(String reason) implements Invalidation<K> {
        /** Checks its parts. */
        public Gap {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Why a key was dropped. */
    enum Cause {
        /** It was deleted, by an invalidation, a write or anybody else. */
        INVALIDATED,
        /** It was given another value by somebody else than this toolkit, or moved here. */
        REPLACED,
        /** Its time to live ended. */
        EXPIRED,
        /** The remote tier was full. */
        EVICTED
    }
}
