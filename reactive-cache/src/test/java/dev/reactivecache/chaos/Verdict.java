package dev.reactivecache.chaos;

import java.util.List;

/**
 * What came out of a run.
 *
 * @param topology where
 * @param faults how many were injected
 * @param reads how many answers were judged
 * @param stale answers beyond what is allowed
 * @param hung calls without an end
 * @param lost keys that were older at the end than they may be
 * @param broken calls that failed as they must not
 */
record Verdict(
        String topology,
        int faults,
        long reads,
        List<String> stale,
        List<String> hung,
        List<String> lost,
        List<String> broken) {

    boolean isGood() {
        return stale.isEmpty() && hung.isEmpty() && lost.isEmpty() && broken.isEmpty();
    }

    /** The one line that says it all. */
    String line() {
        return "topology=" + topology + " faults=" + faults + " reads=" + reads + " stale_beyond_bound=" + stale.size()
                + " hung=" + hung.size() + " lost_invalidations=" + lost.size();
    }
}
