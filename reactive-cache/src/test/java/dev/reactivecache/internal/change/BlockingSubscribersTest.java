package dev.reactivecache.internal.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Invalidation;
import dev.reactivecache.Invalidation.Cause;
import dev.reactivecache.Invalidation.KeyInvalidated;
import dev.reactivecache.LoadTimeoutException;
import dev.reactivecache.ReactiveCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A subscriber of the events that takes long, in a cache of real time and on a timer of the application's own. */
class BlockingSubscribersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30); // what fails, fails by never answering

    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("blocked")
            .loadTimeout(Duration.ofMillis(20))
            .build();
    private final Gate gate = new Gate();
    private final Thread holder = new Thread(gate::hold);

    /** Holds threads up. A monitor, because the tests' agent lets no thread for timeouts wait in another way. */
    private static final class Gate {
        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);

        synchronized void hold() {
            held.countDown();
            await(release);
        }

        synchronized void pass() {}
    }

    @BeforeEach
    void closeGate() {
        holder.start();
        await(gate.held);
    }

    @AfterEach
    void openGate() throws InterruptedException {
        gate.release.countDown();
        holder.join();
        cache.close().block();
    }

    /** As many as there are threads for timeouts, each within its first event. */
    private void block() {
        int count = Schedulers.DEFAULT_POOL_SIZE;
        CountDownLatch within = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            cache.invalidations().subscribe(event -> {
                within.countDown();
                gate.pass();
            });
        }
        cache.invalidate("k").block();
        await(within);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void subscribersThatBlockDoNotHoldUpTimeouts() {
        block();

        for (int i = 0; i < 2 * Schedulers.DEFAULT_POOL_SIZE; i++) {
            StepVerifier.create(cache.getOrFetch("k" + i, Mono.never()))
                    .expectError(LoadTimeoutException.class)
                    .verify(PATIENCE);
        }
    }

    @Test
    void subscribersThatBlockDoNotHoldUpOthers() {
        block();

        StepVerifier.create(cache.invalidations().take(2))
                .then(() -> cache.invalidate("a").block())
                .expectNext(new KeyInvalidated<>("a", Cause.INVALIDATED))
                .then(() -> cache.invalidate("b").block())
                .expectNext(new KeyInvalidated<>("b", Cause.INVALIDATED))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void whatElseATimerHasToDoHasItsTurnBetweenTheEventsOfOneSubscriber() {
        VirtualTimeScheduler timer = VirtualTimeScheduler.create();
        InvalidationHub<Integer> hub = new InvalidationHub<>(1_000, timer);
        List<Integer> heard = new ArrayList<>();
        List<Integer> atTurns = new ArrayList<>();
        BaseSubscriber<Invalidation<Integer>> subscriber = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(Invalidation<Integer> event) {
                if (heard.isEmpty()) {
                    timer.schedule(() -> atTurns.add(heard.size()));
                }
                heard.add(((KeyInvalidated<Integer>) event).key());
            }
        };
        hub.subscribe(subscriber);
        for (int i = 0; i < 1_000; i++) {
            hub.publish(new KeyInvalidated<>(i, Cause.INVALIDATED));
        }

        subscriber.requestUnbounded();
        timer.advanceTime();

        assertThat(atTurns).singleElement().satisfies(count -> assertThat(count).isLessThan(100));
        assertThat(heard).hasSize(1_000).isSorted();
    }
}
