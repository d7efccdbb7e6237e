package dev.reactivecache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a warming has got.
 *
 * @param found keys that have a value, which the cache now has
 * @param absent keys of which the source has none
 * @param failed keys that could not be read
 * @param took since it began
 * @param firstFailure of those keys, or null
 */
public record WarmReport(
        long found,
        long absent,
        long failed,
        Duration took,
        @Nullable Throwable firstFailure) {

    /** How many keys were tried. */
    public long keys() {
        return found + absent + failed;
    }

    WarmReport with(Iterable<? extends BulkAnswer<?, ?>> answers, Duration now) {
        long hits = found;
        long none = absent;
        long failures = failed;
        Throwable first = firstFailure;
        for (BulkAnswer<?, ?> answer : answers) {
            if (answer instanceof BulkAnswer.Failed<?, ?> failure) {
                failures++;
                first = first == null ? failure.failure() : first;
            } else if (answer instanceof BulkAnswer.Found<?, ?>) {
                hits++;
            } else {
                none++;
            }
        }
        return new WarmReport(hits, none, failures, now, first);
    }
}
