package dev.reactivecache.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;

/** What calls failed with. */
public final class Failures {
    private Failures() {}

    /** What a future has failed with, which it must have by now. */
    public static Throwable failureOf(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        return future.handle((value, failure) -> failure).join();
    }
}
