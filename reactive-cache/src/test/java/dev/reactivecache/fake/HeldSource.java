package dev.reactivecache.fake;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A source whose every answer waits until the test gives it. Loads are numbered from 0 in the order they began. */
public final class HeldSource implements Function<String, Mono<String>> {
    private final List<Sinks.One<String>> begun = new CopyOnWriteArrayList<>();
    private final AtomicInteger cancelled = new AtomicInteger();

    @Override
    public Mono<String> apply(String key) {
        return Mono.defer(() -> {
            Sinks.One<String> answer = Sinks.one();
            begun.add(answer);
            return answer.asMono().doOnCancel(cancelled::incrementAndGet);
        });
    }

    /** How many loads have begun. */
    public int loads() {
        return begun.size();
    }

    /** How many loads were cancelled. */
    public int cancelled() {
        return cancelled.get();
    }

    /** Answers with a value. */
    public void answer(int load, String value) {
        begun.get(load).tryEmitValue(value).orThrow();
    }

    /** Answers that there is no value. */
    public void answerNothing(int load) {
        begun.get(load).tryEmitEmpty().orThrow();
    }

    /** Fails a load. */
    public void fail(int load, Throwable failure) {
        begun.get(load).tryEmitError(failure).orThrow();
    }
}
