package dev.reactivecache.spring.cache;

import dev.reactivecache.spring.Waiting;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * One read by a thread that waits for it, and that itself runs the blocking loader if it is asked for: so the loader
 * keeps the transaction and the other thread locals of its caller, and no event loop ever runs it.
 */
final class CallersThread {
    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();

    private CallersThread() {}

    /** Waits for {@code read}'s answer, whose source is the loader. Interrupting the caller cancels the read. */
    static <T> @Nullable T wait(Function<Mono<T>, Mono<T>> read, Callable<? extends @Nullable T> loader)
            throws InterruptedException {
        return new CallersThread().answer(read, loader);
    }

    private <T> @Nullable T answer(Function<Mono<T>, Mono<T>> read, Callable<? extends @Nullable T> loader)
            throws InterruptedException {
        Mono<T> source = Mono.create(sink -> work.add(() -> call(loader, sink)));
        CompletableFuture<@Nullable T> answer = read.apply(source).toFuture();
        answer.whenComplete((value, failure) -> work.add(() -> {}));
        try {
            while (!answer.isDone()) {
                work.take().run();
            }
        } catch (InterruptedException interrupted) {
            answer.cancel(false);
            throw interrupted;
        }
        return Waiting.resultOf(Mono.fromFuture(answer)); // it is there
    }

    private static <T> void call(Callable<? extends @Nullable T> loader, MonoSink<T> sink) {
        try {
            sink.success(loader.call());
        } catch (Exception failure) {
            sink.error(failure);
        }
    }
}
