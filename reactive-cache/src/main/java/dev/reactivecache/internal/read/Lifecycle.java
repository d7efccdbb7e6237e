package dev.reactivecache.internal.read;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Whether a cache is open, and how it is closed. */
public final class Lifecycle {
    private final String cache;
    private final Supplier<Mono<Void>> last;
    private final Runnable shut;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param last what is still done when the cache is closed; does not error
     * @param shut releases what the cache holds, after that
     */
    public Lifecycle(String cache, Supplier<Mono<Void>> last, Runnable shut) {
        this.cache = cache;
        this.last = last;
        this.shut = shut;
    }

    /** The cache's name. */
    public String cache() {
        return cache;
    }

    public boolean isClosed() {
        return closed.get();
    }

    /** The work, or an error if the cache is closed when it is subscribed to. */
    public <T> Mono<T> whileOpen(Mono<T> work) {
        return Mono.defer(() -> isClosed() ? Mono.error(closedException()) : work);
    }

    public IllegalStateException closedException() {
        return new IllegalStateException("cache '" + cache + "' is closed");
    }

    public Mono<Void> close() {
        return Mono.defer(() -> closed.compareAndSet(false, true)
                ? last.get().doOnCancel(shut).then(Mono.fromRunnable(shut))
                : Mono.empty());
    }
}
