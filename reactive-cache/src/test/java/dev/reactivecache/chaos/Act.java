package dev.reactivecache.chaos;

/**
 * What one node did once, or how it was at one moment.
 *
 * @param node the process that did it: a node that is started again is another
 * @param kind what was done
 * @param outcome how it ended
 * @param key the key; of {@link Kind#STATE} how many invalidations were pending
 * @param start read from the monotonic clock before anything was done
 * @param end read after it had ended; of {@link Kind#STATE} when the call began that had waited longest, or 0
 * @param version what was read, or was made in the source, or 0; of {@link Kind#STATE} how many gaps there had been
 */
record Act(int node, Kind kind, Outcome outcome, int key, long start, long end, long version) {
    enum Kind {
        READ,
        INVALIDATE,
        WRITE,
        DELETE,
        STATE
    }

    enum Outcome {
        /** Answered from memory. */
        LOCAL,
        /** Answered by Redis. */
        REMOTE,
        /** Answered by the source. */
        LOADER,
        /** Nothing was found, and loading was not asked for. */
        EMPTY,
        /** Redis acknowledged the change. */
        ACKNOWLEDGED,
        /** It failed as it may: the source said no, or Redis did not acknowledge. */
        FAILED,
        /** It failed as it must not. */
        BROKEN,
        /** Given up by the caller. */
        CANCELLED,
        /** The stream is live. */
        LIVE,
        /** The stream is not live. */
        DEAF
    }

    boolean isAnswer() {
        return kind == Kind.READ
                && (outcome == Outcome.LOCAL || outcome == Outcome.REMOTE || outcome == Outcome.LOADER);
    }

    boolean isChange() {
        return kind == Kind.INVALIDATE || kind == Kind.WRITE || kind == Kind.DELETE;
    }
}
