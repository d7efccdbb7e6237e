package dev.reactivecache.internal.count;

import dev.reactivecache.StaleHealth;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.observe.StaleReason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts answers whose time to live had ended, and makes the failures behind them visible: one line in the log when a
 * cache begins to answer so because its source fails, one when it has ended, and its health in between.
 */
public final class StaleAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(StaleAnswers.class);

    /** How long after the last such answer the trouble counts as over. */
    private static final Duration QUIET = Duration.ofSeconds(60);

    private final String cache;
    private final TimeSource timer;
    private final Observers observers;
    private final AtomicReference<@Nullable Trouble> trouble = new AtomicReference<>();

    final LongAdder revalidating = new LongAdder();
    final LongAdder onError = new LongAdder();
    final LongAdder onTimeout = new LongAdder();

    StaleAnswers(String cache, TimeSource timer, Observers observers) {
        this.cache = cache;
        this.timer = timer;
        this.observers = observers;
    }

    /**
     * A stretch of time in which callers were answered because the source failed.
     *
     * @param begunNanos when it began
     * @param lastNanos when the last of them was
     * @param oldestNanos for how long the oldest of their answers had been stale
     * @param cause the first failure that is known, in words, or null
     */
    private record Trouble(
            long begunNanos,
            long lastNanos,
            long oldestNanos,
            @Nullable String cause) {
        Trouble with(long now, long staleNanos, @Nullable String another) {
            return new Trouble(begunNanos, now, Math.max(oldestNanos, staleNanos), cause == null ? another : cause);
        }

        boolean isOverAt(long now) {
            return now - lastNanos > QUIET.toNanos();
        }
    }

    /**
     * A caller was answered so.
     *
     * @param failure behind it, if this reader knows it
     */
    public void answered(StaleReason reason, long staleNanos, @Nullable Throwable failure) {
        switch (reason) {
            case REVALIDATION -> revalidating.increment();
            case ERROR, BACKOFF -> onError.increment();
            case TIMEOUT -> onTimeout.increment();
        }
        if (reason != StaleReason.REVALIDATION) {
            note(Math.max(0, staleNanos), failure);
        }
        observers.tell(observer -> observer.onStale(reason, Duration.ofNanos(Math.max(0, staleNanos))));
    }

    private void note(long staleNanos, @Nullable Throwable failure) {
        long now = timer.now();
        String cause = failure == null ? null : failure.toString();
        endIfOver(now);
        Trouble before = trouble.getAndUpdate(
                known -> known == null ? new Trouble(now, now, staleNanos, cause) : known.with(now, staleNanos, cause));
        if (before == null) {
            LOG.warn(
                    "cache '{}' begins to answer with values whose time to live has ended ({} ago), because their"
                            + " source fails or is slow: {}",
                    cache,
                    Duration.ofNanos(staleNanos),
                    cause == null ? "see earlier failures of its loader" : cause);
        }
    }

    /** A load has succeeded. */
    public void loaded() {
        if (trouble.get() != null) {
            endIfOver(timer.now());
        }
    }

    private void endIfOver(long now) {
        Trouble known = trouble.get();
        if (known != null && known.isOverAt(now) && trouble.compareAndSet(known, null)) {
            LOG.info(
                    "cache '{}' no longer answers with values whose time to live has ended: it did for {}, and the"
                            + " oldest had ended {} before",
                    cache,
                    Duration.ofNanos(known.lastNanos() - known.begunNanos()),
                    Duration.ofNanos(known.oldestNanos()));
        }
    }

    /** What is to be seen of it now, or null. */
    @Nullable
    StaleHealth health() {
        long now = timer.now();
        endIfOver(now);
        Trouble known = trouble.get();
        return known == null
                ? null
                : new StaleHealth(
                        Duration.ofNanos(now - known.begunNanos()),
                        Duration.ofNanos(known.oldestNanos()),
                        known.cause());
    }
}
