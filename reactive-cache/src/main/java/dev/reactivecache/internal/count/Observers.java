package dev.reactivecache.internal.count;

import dev.reactivecache.LoadTimeoutException;
import dev.reactivecache.internal.flight.CarriedError;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.observe.CacheObserver;
import dev.reactivecache.observe.Outcome;
import dev.reactivecache.observe.RefreshCause;
import dev.reactivecache.observe.RemoteOperation;
import dev.reactivecache.observe.Watch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** Tells the observers of one cache. Without any, what would be watched is handed back as it came. */
public final class Observers {
    private static final Logger LOG = LoggerFactory.getLogger(Observers.class);

    private final String cache;
    private final TimeSource timer;
    private final List<GuardedObserver> observers = new CopyOnWriteArrayList<>();
    private final LongAdder failures = new LongAdder();
    private final AtomicBoolean logged = new AtomicBoolean();

    public Observers(String cache, TimeSource timer, List<CacheObserver> first) {
        this.cache = cache;
        this.timer = timer;
        first.forEach(this::add);
    }

    /** Tells one more, until the returned handle is disposed of. */
    Disposable add(CacheObserver observer) {
        var guarded = new GuardedObserver(cache, timer, observer, this::onFailure);
        observers.add(guarded);
        return Disposables.composite(() -> observers.remove(guarded));
    }

    /** How often one of them threw. */
    long failures() {
        return failures.sum();
    }

    public void tell(Consumer<CacheObserver> event) {
        for (GuardedObserver observer : observers) {
            observer.tell(event);
        }
    }

    /** Watches a load; {@code isEmpty} tells an answer that is no value. */
    public <T> Mono<T> load(Mono<T> load, Predicate<T> isEmpty) {
        return observers.isEmpty() ? load : watched(load, CacheObserver::onLoad, isEmpty);
    }

    /** Watches how a key is loaded anew; {@code isEmpty} tells an answer that is no value. */
    public <T> Mono<T> refresh(RefreshCause cause, ContextView reader, Mono<T> refresh, Predicate<T> isEmpty) {
        if (observers.isEmpty()) {
            return refresh;
        }
        Mono<Optional<T>> work = refresh.singleOptional();
        return watched(
                        work,
                        (observer, context) -> observer.onRefresh(cause, reader),
                        answer -> answer.isEmpty() || isEmpty.test(answer.get()))
                .mapNotNull(answer -> answer.orElse(null));
    }

    /** Watches a call of the remote tier. */
    <T> Mono<T> remote(RemoteOperation operation, Mono<T> call) {
        return observers.isEmpty()
                ? call
                : watched(call, (observer, context) -> observer.onRemote(operation, context), answer -> false);
    }

    private <T> Mono<T> watched(
            Mono<T> work, BiFunction<CacheObserver, ContextView, Watch> beginning, Predicate<T> isEmpty) {
        return Mono.deferContextual(context -> {
            Course course = new Course(observers.stream()
                    .map(each -> each.watch(observer -> beginning.apply(observer, context)))
                    .toList());
            return work.doOnSuccess(answer ->
                            course.end(answer != null && isEmpty.test(answer) ? Outcome.EMPTY : Outcome.SUCCESS, null))
                    .doOnError(carried -> course.fail(CarriedError.unwrapped(carried)))
                    .doOnCancel(() -> course.end(Outcome.CANCELLED, null))
                    .contextWrite(course::within);
        });
    }

    private static Outcome outcomeOf(Throwable failure) {
        boolean late = failure instanceof LoadTimeoutException
                || failure instanceof TimeoutException
                || failure.getCause() instanceof TimeoutException;
        return late ? Outcome.TIMEOUT : Outcome.ERROR;
    }

    private void onFailure(Throwable thrown) {
        failures.increment();
        if (logged.compareAndSet(false, true)) {
            LOG.warn("an observer of cache '{}' failed; this is logged once, and counted always", cache, thrown);
        }
    }

    /** One operation that is watched. It ends once, however often its end is signalled. */
    private final class Course {
        private final List<Watch> watches;
        private final long begunNanos = timer.now();
        private final AtomicBoolean ended = new AtomicBoolean();

        Course(List<Watch> watches) {
            this.watches = watches;
        }

        Context within(Context context) {
            Context inner = context;
            for (Watch watch : watches) {
                inner = watch.within(inner);
            }
            return inner;
        }

        void fail(Throwable failure) {
            end(outcomeOf(failure), failure);
        }

        void end(Outcome outcome, @Nullable Throwable failure) {
            if (ended.compareAndSet(false, true)) {
                Duration took = Duration.ofNanos(timer.now() - begunNanos);
                watches.forEach(watch -> watch.onEnd(outcome, took, failure));
            }
        }
    }
}
