package dev.reactivecache.sim;

/**
 * One thing that is done in a run, by a user of the cache or by fate.
 *
 * @param at when, in nanoseconds
 * @param act what
 * @param node on which node, if that matters
 * @param cache in which cache
 * @param key of which key
 * @param size a duration in nanoseconds, or another number: see {@link Act}
 * @param seed what small decisions within it are drawn from
 */
record Step(long at, Act act, int node, int cache, int key, long size, long seed) {

    /** What may be done. */
    enum Act {
        /** A read that tells where its answer is from; cancelled after {@code size}, if that is above zero. */
        LOOKUP,
        /** A read that loads; cancelled likewise. */
        FETCH,
        /** A read that does not load. */
        GET,
        /** The source changes, and the key is invalidated. */
        INVALIDATE,
        /** The key is invalidated for no reason. */
        TOUCH,
        /** The source is changed through the cache, which takes about {@code size}. */
        WRITE,
        /** The source's value is deleted through the cache. */
        DELETE,
        /** The source changes, and all that has one of the tags is invalidated. */
        INVALIDATE_TAG,
        /** The source changes, and the cache is cleared. */
        CLEAR,
        /** The source loses its value, and nobody is told. */
        LOSE,
        /** A value is put. */
        PUT,
        /** The node's messages take up to {@code size} longer, for a while. */
        LAG,
        /** Its connections for commands break. */
        CUT_COMMANDS,
        /** Its subscription breaks. */
        CUT_EVENTS,
        /** Nothing gets through its subscription, and nobody notices; after {@code size} it breaks. */
        SILENCE_EVENTS,
        /** The same of its connections for commands. */
        SILENCE_COMMANDS,
        /** It cannot connect for {@code size}, and all its connections break. */
        PARTITION,
        /** Its process stands still for {@code size}. */
        PAUSE,
        /** Its process dies, and another is started after {@code size}. */
        CRASH,
        /** Redis throws a key out; at times, the numbers of the cache's generations. */
        EVICT,
        /** A stranger deletes a key. */
        STRANGER_DELETES,
        /** A stranger stores something under a key. */
        STRANGER_SETS,
        /** All data are gone without a word. */
        FLUSH,
        /**
         * Redis starts anew: its connections break. By the rest of {@code size} divided by four: 0, it has its data; 2,
         * it is a replica that lacks what came within {@code size}; else its data are gone.
         */
        RESTART,
        /** Redis does not announce changes for {@code size}. */
        MUTE;

        boolean isOperation() {
            return compareTo(PUT) <= 0;
        }
    }

    @Override
    public String toString() {
        String who = act.compareTo(Act.EVICT) >= 0 ? "" : " n" + node;
        boolean aboutKey =
                act.isOperation() || act == Act.EVICT || act == Act.STRANGER_DELETES || act == Act.STRANGER_SETS;
        String what = aboutKey ? " " + Slot.of(cache, key) : "";
        return act + who + what + (size > 0 ? " (" + size / 1_000_000 + " ms)" : "");
    }
}
