package dev.reactivecache.remote;

import org.jspecify.annotations.Nullable;

/** Hears of changes in a region. Called in order, on the stream's own thread: must be quick and must not throw. */
public interface RegionListener {

    /** A key was dropped or changed by somebody. */
    void onChange(String key, Change change);

    /**
     * A key was changed by this node's own attempt to fill it, and nothing has changed it since; but others may have
     * changed it right before. What is known of the key, other than by that attempt, may be wrong.
     *
     * @param token of the attempt: what is loaded under it is not in doubt
     * @param stamp of the value that the attempt may have stored, or {@link RemoteState#NO_STAMP}
     */
    default void onOwnChange(String key, long token, long stamp) {
        onChange(key, Change.DELETED);
    }

    /**
     * A load of another node has ended, and has changed nothing but times: the key has the content that it had. Who
     * waits for the end of that load need not wait any longer.
     */
    default void onLoadEnd(String key) {}

    /**
     * The generations of a tag, or of the whole region, have ended: what belongs to them is void.
     *
     * @param tag which, or null for the whole region
     * @param asked whether somebody has asked for it; else the tier has forgotten its numbers
     */
    default void onGenerationEnd(@Nullable String tag, boolean asked) {}

    /** Changes may have been missed. The region's epoch has moved already. */
    void onGap(String reason);

    /**
     * The tier works again after some trouble, or works for the first time.
     *
     * @param mayHaveLost whether it may have lost changes that it had acknowledged, since another server answers now,
     *     or its data were replaced
     */
    default void onTierBack(boolean mayHaveLost) {}

    /** What happened to a key. */
    enum Change {
        /** It was deleted, or moved away. */
        DELETED,
        /** It was given other content. */
        REPLACED,
        /**
         * It had no value, and another node has filled it, or given up the right to: nothing that was known is wrong.
         */
        FILLED,
        /** Its time ended. */
        EXPIRED,
        /** It was thrown out for want of room. */
        EVICTED
    }
}
