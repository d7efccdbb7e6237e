package dev.reactivecache.internal.count;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.observe.CacheObserver;
import dev.reactivecache.observe.Outcome;
import dev.reactivecache.observe.Watch;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** An observer that takes its time is named in the log, whichever of its methods it is; for pauses it is not. */
class SlowObserverTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final Logger logger = (Logger) LoggerFactory.getLogger(GuardedObserver.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    /** Takes its time in one of its methods, by the cache's clock. */
    private final class Slow implements CacheObserver {
        private final String where;
        private final Duration takes;

        Slow(String where, Duration takes) {
            this.where = where;
            this.takes = takes;
        }

        private void reach(String method) {
            if (method.equals(where)) {
                timer.advanceTimeBy(takes);
            }
        }

        @Override
        public Watch onLoad(ContextView context) {
            reach("onLoad");
            return new Watch() {
                @Override
                public Context within(Context inner) {
                    reach("within");
                    return inner;
                }

                @Override
                public void onEnd(Outcome outcome, Duration took, @Nullable Throwable failure) {
                    reach("onEnd");
                }
            };
        }
    }

    private List<String> logged() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private ReactiveCache<Integer, String> watchedBy(CacheObserver... observers) {
        var builder = ReactiveCache.<Integer, String>builder("watched").timer(timer);
        for (CacheObserver observer : observers) {
            builder.observer(observer);
        }
        return builder.build();
    }

    private static void load(ReactiveCache<Integer, String> cache, int from, int to) {
        for (int key = from; key < to; key++) {
            cache.getOrFetch(key, Mono.just("v")).block();
        }
    }

    @Test
    void anObserverThatTakesFiveMillisecondsIsNamedOnce() {
        for (String method : List.of("onLoad", "within", "onEnd")) {
            log.list.clear();

            load(watchedBy(new Slow("nowhere", Duration.ZERO), new Slow(method, Duration.ofMillis(5))), 0, 1_000);

            assertThat(logged())
                    .as(method)
                    .containsExactly(
                            "observer " + Slow.class.getName() + " of cache 'watched' is slow: calls of it take"
                                    + " PT0.005S, and loads and reads wait for them; this is logged once");
        }
    }

    @Test
    void anObserverThatIsAddedLaterIsMeasuredToo() {
        ReactiveCache<Integer, String> cache = watchedBy();
        cache.observe(new Slow("onEnd", Duration.ofMillis(1)));

        load(cache, 0, 100);

        assertThat(logged()).hasSize(1);
    }

    @Test
    void anObserverThatIsQuickOrPausedNowAndThenIsNotNamed() {
        load(watchedBy(new Slow("onEnd", Duration.ofNanos(999_999))), 0, 1_000);
        SlowCalls calls = new SlowCalls();

        for (int i = 0; i < 1_000; i++) {
            long took = i % 100 < 4 ? 200_000_000 : 1_000;
            assertThat(calls.isFound(took)).isFalse();
        }

        assertThat(logged()).isEmpty();
    }
}
