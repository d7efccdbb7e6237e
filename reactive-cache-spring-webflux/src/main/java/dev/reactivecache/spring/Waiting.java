package dev.reactivecache.spring;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Waits where waiting is allowed, and nobody else here does: Spring's own contracts for start and shutdown, and for
 * blocking caches, are not reactive.
 */
public final class Waiting {
    private Waiting() {}

    /** Whether this thread may wait. Event loops may not, Lettuce's included, whose threads Reactor does not know. */
    public static boolean isAllowed() {
        return !Schedulers.isInNonBlockingThread() && !(Thread.currentThread() instanceof FastThreadLocalThread);
    }

    /** Waits for the end of what has limits of its own, or only begins it on a thread that must not wait. */
    static void endOf(Mono<Void> work) {
        if (isAllowed()) {
            resultOf(work);
        } else {
            work.subscribe();
        }
    }

    /**
     * The result of what has limits of its own.
     *
     * @throws IllegalStateException if it is not there yet, and this thread must not wait for it
     */
    public static <T> @Nullable T resultOf(Mono<T> work) {
        if (isAllowed()) {
            return work.block();
        }
        CompletableFuture<@Nullable T> result = work.toFuture();
        if (!result.isDone()) {
            result.cancel(false);
            throw new IllegalStateException("thread " + Thread.currentThread().getName()
                    + " must not wait for a cache: let the method return a Mono,"
                    + " or call it on a thread that may block");
        }
        return result.getNow(null);
    }
}
