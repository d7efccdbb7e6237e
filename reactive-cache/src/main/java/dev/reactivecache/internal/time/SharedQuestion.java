package dev.reactivecache.internal.time;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * A question that many ask at the same time, each wanting an answer from after it asked. While few are under way
 * each is asked at once; beyond that who comes waits for the next one, together with all others who wait.
 *
 * @param <T> the answer
 */
public final class SharedQuestion<T> {
    private final Mono<T> question;
    private final int mostUnderWay;
    private final Queue<MonoSink<T>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Runnable asking = this::ask;

    /**
     * @param question asks; ends in a bounded time, and is never cancelled
     * @param mostUnderWay how often it is asked at the same time
     */
    public SharedQuestion(Mono<T> question, int mostUnderWay) {
        this.question = question;
        this.mostUnderWay = mostUnderWay;
    }

    /** Emits what the question does, asked after the subscription, in the Context of one who waits for it. */
    public Mono<T> answer() {
        return Mono.create(sink -> {
            waiting.add(sink);
            ThreadBatch.atEnd(asking);
        });
    }

    private void ask() {
        while (!waiting.isEmpty() && enter()) {
            List<MonoSink<T>> asking = takeAll();
            if (asking.isEmpty()) { // another thread was quicker
                underWay.decrementAndGet();
            } else {
                question.contextWrite(asking.get(0).contextView())
                        .doFinally(end -> {
                            underWay.decrementAndGet();
                            ask();
                        })
                        .subscribe(
                                answer -> ThreadBatch.run(() -> asking.forEach(sink -> sink.success(answer))),
                                failure -> ThreadBatch.run(() -> asking.forEach(sink -> sink.error(failure))),
                                () -> asking.forEach(MonoSink::success)); // unless there was an answer
            }
        }
    }

    private boolean enter() {
        int now = underWay.get();
        while (now < mostUnderWay) {
            if (underWay.compareAndSet(now, now + 1)) {
                return true;
            }
            now = underWay.get();
        }
        return false; // one that is under way looks again at its end
    }

    private List<MonoSink<T>> takeAll() {
        List<MonoSink<T>> all = new ArrayList<>();
        for (MonoSink<T> next = waiting.poll(); next != null; next = waiting.poll()) {
            all.add(next);
        }
        return all;
    }
}
