package dev.reactivecache.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Invalidation;
import dev.reactivecache.Invalidation.Cause;
import dev.reactivecache.Invalidation.KeyInvalidated;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.internal.change.InvalidationHub;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** The events of a cache on real threads: none is lost, and a subscriber is never called twice at once. */
class InvalidationRacesTest {
    @Test
    void aSubscriberRunsOnTheTimerAndNotOnThePublishersThread() {
        Scheduler real = Schedulers.newSingle("the-timer");
        ReactiveCache<String, String> live =
                ReactiveCache.<String, String>builder("events").timer(real).build();

        StepVerifier.create(
                        live.invalidations().map(event -> Thread.currentThread().getName()))
                .then(() -> live.invalidate("k").block())
                .assertNext(thread -> assertThat(thread).startsWith("the-timer"))
                .thenCancel()
                .verify(Duration.ofSeconds(10));
        real.dispose();
    }

    @Test
    void manyPublishersLoseNoKeyAndTellEachSubscriberOneAfterTheOther() throws Exception {
        ReactiveCache<String, String> live = ReactiveCache.<String, String>builder("events")
                .invalidationBuffer(10_000)
                .build();
        Set<String> heard = ConcurrentHashMap.newKeySet();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        live.invalidations()
                .doOnNext(event -> {
                    overlaps.addAndGet(inside.getAndIncrement());
                    heard.add(((KeyInvalidated<String>) event).key());
                    inside.decrementAndGet();
                })
                .doOnComplete(done::countDown)
                .subscribe();

        Flux.range(0, 4)
                .flatMap(publisher -> Flux.range(0, 2_000)
                        .concatMap(i -> live.invalidate(publisher + "-" + i))
                        .subscribeOn(Schedulers.boundedElastic()))
                .blockLast(Duration.ofSeconds(30));
        live.close().block();

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(heard).hasSize(8_000);
        assertThat(overlaps).hasValue(0);
    }

    @Test
    void anEventThatComesJustWhenTheLastOneWasTakenIsNotForgotten() {
        InvalidationHub<String> hub = new InvalidationHub<>(3, Schedulers.parallel());
        Invalidation<String> event = new KeyInvalidated<>("k", Cause.INVALIDATED);
        AtomicInteger heard = new AtomicInteger();
        hub.subscribe(same -> heard.incrementAndGet());

        for (int published = 1; published <= 100_000; published++) {
            hub.publish(event);
            long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (heard.get() < published && System.nanoTime() < patience) {
                Thread.onSpinWait();
            }
            assertThat(heard.get()).as("events heard").isEqualTo(published);
            for (int pause = published % 64; pause > 0; pause--) {
                Thread.onSpinWait(); // so that the next one comes at each moment of the taking
            }
        }
        hub.close();
    }
}
