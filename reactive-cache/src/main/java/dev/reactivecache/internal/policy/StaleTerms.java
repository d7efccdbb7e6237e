package dev.reactivecache.internal.policy;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * On what terms a cache answers with values whose time to live has ended, and loads them anew.
 *
 * @param answersOnError whether the remote tier is asked for such a value after a load has failed
 * @param covered the failures of a load that are answered with such a value
 * @param softTimeout after how long a reader gets such a value instead of waiting for the load, or null
 * @param early when values are loaded anew before their time to live ends
 * @param backoff how long a key is not loaded anew after that has failed
 * @param atOnce how many keys are loaded anew at a time
 * @param context what such a load has of the Reactor Context of the reader that began it
 */
public record StaleTerms(
        boolean answersOnError,
        Predicate<? super Throwable> covered,
        @Nullable Duration softTimeout,
        EarlyRefresh early,
        RefreshBackoff backoff,
        int atOnce,
        UnaryOperator<ContextView> context) {

    /** Whether a failure is answered with such a value. What a user's predicate throws is added to it, once. */
    public boolean covers(Throwable failure) {
        try {
            return covered.test(failure);
        } catch (Throwable thrown) {
            boolean known = Arrays.stream(failure.getSuppressed())
                    .anyMatch(before -> before.getClass().equals(thrown.getClass()));
            if (thrown != failure && !known) {
                failure.addSuppressed(thrown);
            }
            return false;
        }
    }
}
