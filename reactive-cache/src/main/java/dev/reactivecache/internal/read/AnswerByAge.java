package dev.reactivecache.internal.read;

import dev.reactivecache.Cached.Freshness;
import dev.reactivecache.internal.entry.Ends;
import dev.reactivecache.observe.StaleReason;
import org.jspecify.annotations.Nullable;

/** What a reader may be given, by the age of it and by what the reader has been through. Pure. */
enum AnswerByAge {
    /** The reader has a loader, which may also load the key anew once the reader has been answered. */
    LOADS_AND_REFRESHES,
    /** The reader has a loader that ends with the read: it must be waited for. */
    LOADS_ONLY,
    /** The reader has no loader. */
    ASKS_ONLY,
    /** The reader's load has failed. */
    HAS_FAILED,
    /** The reader has waited for a load long enough. */
    HAS_WAITED;

    /** As what the reader may be given something with these ends; null if not at all. */
    @Nullable
    Freshness of(@Nullable Ends ends, long now) {
        if (ends == null) {
            return Freshness.FRESH;
        }
        return switch (ends.at(now)) {
            case FRESH -> Freshness.FRESH;
            case REVALIDATE -> whileRevalidating(ends.restsAt(now));
            case ON_ERROR -> onError(ends.restsAt(now) && ends.failures() > 0);
            case OVER -> null;
        };
    }

    private @Nullable Freshness whileRevalidating(boolean rests) {
        return switch (this) {
            case LOADS_AND_REFRESHES, ASKS_ONLY -> Freshness.REVALIDATING;
            case LOADS_ONLY -> rests ? Freshness.REVALIDATING : null;
            case HAS_FAILED -> Freshness.STALE_ON_ERROR;
            case HAS_WAITED -> Freshness.STALE_ON_TIMEOUT;
        };
    }

    private @Nullable Freshness onError(boolean hasFailedLately) {
        return switch (this) {
            case LOADS_AND_REFRESHES, LOADS_ONLY -> hasFailedLately ? Freshness.STALE_ON_ERROR : null;
            case ASKS_ONLY -> null;
            case HAS_FAILED -> Freshness.STALE_ON_ERROR;
            case HAS_WAITED -> Freshness.STALE_ON_TIMEOUT;
        };
    }

    /** Why a reader is given what is not fresh. */
    StaleReason reasonOf(Freshness freshness) {
        return switch (freshness) {
            case STALE_ON_TIMEOUT -> StaleReason.TIMEOUT;
            case STALE_ON_ERROR -> this == HAS_FAILED ? StaleReason.ERROR : StaleReason.BACKOFF;
            case REVALIDATING, FRESH -> StaleReason.REVALIDATION;
        };
    }
}
