package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.internal.policy.Checks;
import dev.reactivecache.internal.policy.EarlyRefresh;
import dev.reactivecache.internal.policy.RefreshBackoff;
import dev.reactivecache.internal.policy.StaleTerms;
import dev.reactivecache.remote.Windows;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/** What a builder was told of values whose time to live has ended. Each setting is checked where it is given. */
final class StaleSettings {
    private Duration revalidate = Duration.ZERO;
    private Duration error = Duration.ZERO;
    private Predicate<? super Throwable> covered = StaleSettings::isOfTheSource;
    private @Nullable Duration softTimeout;
    private EarlyRefresh early = EarlyRefresh.OFF;
    private RefreshBackoff backoff = new RefreshBackoff(Duration.ofSeconds(1), Duration.ofSeconds(30));
    private int bulkhead = 64;
    private @Nullable UnaryOperator<ContextView> context;

    private static boolean isOfTheSource(Throwable failure) {
        return failure instanceof Exception && !(failure instanceof RecursiveLoadException);
    }

    void revalidate(Duration window) {
        revalidate = Checks.window("staleWhileRevalidate", window);
    }

    void error(Duration window) {
        error = Checks.window("staleIfError", window);
    }

    void covered(Predicate<? super Throwable> failures) {
        covered = requireNonNull(failures, "staleIfError's predicate");
    }

    void softTimeout(Duration timeout) {
        softTimeout = Checks.positive("softTimeout", timeout);
    }

    void early(double beta) {
        if (!(beta >= 0.1 && beta <= 10)) {
            throw new IllegalArgumentException("earlyRefresh's beta (" + beta + ") must be between 0.1 and 10");
        }
        early = new EarlyRefresh(beta);
    }

    void backoff(Duration first, Duration longest) {
        Checks.ttl("refreshBackoff's first", first);
        Checks.ttl("refreshBackoff's longest", longest);
        if (first.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "refreshBackoff's first (" + first + ") must not be longer than its longest (" + longest + ")");
        }
        backoff = new RefreshBackoff(first, longest);
    }

    void bulkhead(int refreshes) {
        bulkhead = (int) Checks.positive("refreshBulkhead", refreshes);
    }

    void context(UnaryOperator<ContextView> selection) {
        context = requireNonNull(selection, "refreshContext");
    }

    /** For how long values may be answered after their time to live. */
    Windows windows() {
        return new Windows(revalidate, error, Duration.ZERO);
    }

    /**
     * On what terms they are.
     *
     * @throws IllegalStateException if the soft timeout has nothing to answer with, or is no sooner than the timeout
     */
    StaleTerms terms(Duration loadTimeout, UnaryOperator<ContextView> loaderContext) {
        if (softTimeout != null && error.isZero()) {
            throw new IllegalStateException("softTimeout (" + softTimeout
                    + ") needs staleIfError to be set: without it there is nothing to answer with");
        }
        if (softTimeout != null && softTimeout.compareTo(loadTimeout) >= 0) {
            throw new IllegalStateException(
                    "softTimeout (" + softTimeout + ") must be shorter than loadTimeout (" + loadTimeout + ")");
        }
        return new StaleTerms(
                !error.isZero(),
                covered,
                softTimeout,
                early,
                backoff,
                bulkhead,
                context == null ? loaderContext : context);
    }
}
