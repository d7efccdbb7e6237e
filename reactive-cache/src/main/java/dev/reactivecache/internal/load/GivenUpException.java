package dev.reactivecache.internal.load;

import java.io.Serial;

/** A call was given up by its {@link CallBounds}. Each key that waited for it is told so in a failure of its own. */
final class GivenUpException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final boolean begun;

    private GivenUpException(boolean begun) {
        super(begun ? "it took too long" : "its turn did not come", null, false, false);
        this.begun = begun;
    }

    static GivenUpException tookTooLong() {
        return new GivenUpException(true);
    }

    static GivenUpException neverHadItsTurn() {
        return new GivenUpException(false);
    }

    boolean hadBegun() {
        return begun;
    }
}
