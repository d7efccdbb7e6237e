package dev.reactivecache.internal.flight;

import reactor.core.Exceptions;

/**
 * Carries an error of users' code that operators of Reactor would throw where they stand, instead of signalling it
 * ({@link Exceptions#throwIfFatal}): those who wait would never hear of it. It is taken out again before a caller gets
 * it.
 */
public final class CarriedError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private CarriedError(Throwable error) {
        super(null, error, false, false);
    }

    /** The failure, in a form that every operator lets pass. */
    public static Throwable carried(Throwable failure) {
        return Exceptions.isFatal(failure) ? new CarriedError(failure) : failure;
    }

    /** The failure itself. */
    public static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure instanceof CarriedError ? failure.getCause() : null;
        return cause == null ? failure : cause;
    }
}
