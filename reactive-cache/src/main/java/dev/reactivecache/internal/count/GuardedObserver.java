package dev.reactivecache.internal.count;

import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.observe.CacheObserver;
import dev.reactivecache.observe.Outcome;
import dev.reactivecache.observe.Watch;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.util.context.Context;

/** One observer. Whatever it throws goes to one place, and that it is slow is logged once. */
final class GuardedObserver {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedObserver.class);

    private final String cache;
    private final TimeSource timer;
    private final CacheObserver observer;
    private final Consumer<Throwable> onFailure;
    private final SlowCalls slowCalls = new SlowCalls();

    GuardedObserver(String cache, TimeSource timer, CacheObserver observer, Consumer<Throwable> onFailure) {
        this.cache = cache;
        this.timer = timer;
        this.observer = observer;
        this.onFailure = onFailure;
    }

    void tell(Consumer<CacheObserver> event) {
        run(() -> event.accept(observer));
    }

    /** Its watch of an operation, which throws nothing. */
    Watch watch(Function<CacheObserver, Watch> beginning) {
        Watch watch = call(() -> beginning.apply(observer), Watch.none());
        return watch == Watch.none() ? watch : new GuardedWatch(watch);
    }

    private void run(Runnable code) {
        Supplier<Boolean> ran = () -> {
            code.run();
            return true;
        };
        call(ran, false);
    }

    private <T> T call(Supplier<@Nullable T> code, T instead) {
        long begunNanos = timer.now();
        try {
            T answer = code.get();
            if (answer != null) {
                return answer;
            }
            onFailure.accept(new NullPointerException("it returned null"));
        } catch (Throwable thrown) {
            onFailure.accept(thrown);
        } finally {
            measure(timer.now() - begunNanos);
        }
        return instead;
    }

    private void measure(long tookNanos) {
        if (slowCalls.isFound(tookNanos)) {
            LOG.warn(
                    "observer {} of cache '{}' is slow: calls of it take {}, and loads and reads wait for them;"
                            + " this is logged once",
                    observer.getClass().getName(),
                    cache,
                    Duration.ofNanos(tookNanos));
        }
    }

    private final class GuardedWatch implements Watch {
        private final Watch watch;

        GuardedWatch(Watch watch) {
            this.watch = watch;
        }

        @Override
        public Context within(Context context) {
            return call(() -> watch.within(context), context);
        }

        @Override
        public void onEnd(Outcome outcome, Duration took, @Nullable Throwable failure) {
            run(() -> watch.onEnd(outcome, took, failure));
        }
    }
}
