package dev.reactivecache.internal.flight;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who waits for a flight. At most one of these is called, once, on the thread that ended the flight.
 *
 * @param <T> what flights bring
 */
public interface Caller<T> {
    /** The flight ended with this result, or with nothing. */
    void onResult(@Nullable T result);

    /** The flight failed. */
    void onFailure(Throwable failure);
}
