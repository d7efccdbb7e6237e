package dev.reactivecache.observe;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/** Watches one operation from its beginning to its end. */
public interface Watch {

    /** Watches nothing. */
    static Watch none() {
        return Unwatched.WATCH;
    }

    /**
     * The Reactor Context in which the operation runs. Default: the given one, which is what it would run in unwatched.
     */
    default Context within(Context context) {
        return context;
    }

    /**
     * The operation has ended. Called once.
     *
     * @param took how long it took, by the cache's clock
     * @param failure its error, or null if it had none
     */
    default void onEnd(Outcome outcome, Duration took, @Nullable Throwable failure) {}
}
