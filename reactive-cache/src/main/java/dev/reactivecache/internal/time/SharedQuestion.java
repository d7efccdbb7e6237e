package dev.reactivecache.internal.time;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.ContextView;

/**
 * A question that many ask at the same time, each wanting an answer from after it asked. While few are under way
 * each is asked at once; beyond that who comes waits for the next one, together with all others who wait.
 *
 * @param <T> the answer
 */
public final class SharedQuestion<T> {
    private final Mono<T> question;
    private final int mostUnderWay;
    private final Queue<Asker<T>> waiting = new ConcurrentLinkedQueue<>();
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

    /** One who asks. Called once; must not throw. */
    public interface Asker<T> {
        /** The answer; null if there is none. */
        void onAnswer(@Nullable T answer);

        void onFailure(Throwable failure);

        /** What the question may be asked in. */
        ContextView context();
    }

    /** Emits what the question does, asked after the subscription, in the Context of one who waits for it. */
    public Mono<T> answer() {
        return Mono.create(sink -> ask(new Sink<>(sink)));
    }

    /** The same for one who needs no {@code Mono}. */
    public void ask(Asker<T> asker) {
        waiting.add(asker);
        ThreadBatch.atEnd(asking);
    }

    private record Sink<T>(MonoSink<T> sink) implements Asker<T> {
        @Override
        public void onAnswer(@Nullable T answer) {
            sink.success(answer);
        }

        @Override
        public void onFailure(Throwable failure) {
            sink.error(failure);
        }

        @Override
        public ContextView context() {
            return sink.contextView();
        }
    }

    private void ask() {
        while (!waiting.isEmpty() && enter()) {
            List<Asker<T>> asking = takeAll();
            if (asking.isEmpty()) { // another thread was quicker
                underWay.decrementAndGet();
            } else {
                question.singleOptional()
                        .contextWrite(asking.get(0).context())
                        .doFinally(end -> {
                            underWay.decrementAndGet();
                            ask();
                        })
                        .subscribe(
                                answer -> each(asking, asker -> asker.onAnswer(answer.orElse(null))),
                                failure -> each(asking, asker -> asker.onFailure(failure)));
            }
        }
    }

    private void each(List<Asker<T>> asking, Consumer<Asker<T>> told) {
        ThreadBatch.run(() -> asking.forEach(told));
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

    private List<Asker<T>> takeAll() {
        List<Asker<T>> all = new ArrayList<>();
        for (Asker<T> next = waiting.poll(); next != null; next = waiting.poll()) {
            all.add(next);
        }
        return all;
    }
}
