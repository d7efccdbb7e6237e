package dev.reactivecache.internal.flight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.OnAbandon;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.fake.HeldSource;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** G2 and R11: who cancels never harms another, and a load that nobody waits for is cancelled. */
class CancellationTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, String> cache = builder().build();
    private final HeldSource source = new HeldSource();

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("cancelling").timer(timer).jitter(0);
    }

    @Test
    void theFirstOfSeveralCallersCancelsAndTheOthersGetTheValue() {
        CompletableFuture<String> first = cache.getOrFetch("k", source).toFuture();
        CompletableFuture<String> second = cache.getOrFetch("k", source).toFuture();
        CompletableFuture<String> third = cache.getOrFetch("k", source).toFuture();

        first.cancel(true);
        source.answer(0, "v");

        assertThat(second).isCompletedWithValue("v");
        assertThat(third).isCompletedWithValue("v");
        assertThat(source.cancelled()).as("cancelled loads").isZero();
        assertThat(source.loads()).as("loads").isEqualTo(1);
        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();
    }

    @Test
    void aCallerThatHasLeftIsLetGoWhileTheLoadGoesOn() {
        CompletableFuture<String> stays = cache.getOrFetch("k", source).toFuture();
        WeakReference<?> left = callerThatLeaves();

        for (int i = 0; i < 50 && left.get() != null; i++) {
            System.gc();
        }

        assertThat(left.get()).as("the caller that left").isNull();
        assertThat(stays).isNotDone();
    }

    private WeakReference<?> callerThatLeaves() {
        BaseSubscriber<String> caller = new BaseSubscriber<>() {};
        cache.getOrFetch("k", source).subscribe(caller);
        caller.cancel();
        return new WeakReference<>(caller);
    }

    @Test
    void theLoadIsCancelledAndNothingStoredWhenAllCallersHaveCancelled() {
        CompletableFuture<String> first = cache.getOrFetch("k", source).toFuture();
        CompletableFuture<String> second = cache.getOrFetch("k", source).toFuture();

        first.cancel(true);
        assertThat(source.cancelled()).as("cancelled while one still waits").isZero();
        second.cancel(true);

        assertThat(source.cancelled()).as("cancelled when nobody waits").isEqualTo(1);
        StepVerifier.create(cache.get("k")).verifyComplete();
        assertThat(cache.stats().localSize()).as("nothing is left behind").isZero();
    }

    @Test
    void cancellingTwiceCountsOnce() {
        CompletableFuture<String> patient = cache.getOrFetch("k", source).toFuture();
        Subscription[] impatient = new Subscription[1];
        cache.getOrFetch("k", source).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                impatient[0] = subscription;
                subscription.request(1);
            }
        });

        impatient[0].cancel();
        impatient[0].cancel();
        impatient[0].cancel();

        assertThat(source.cancelled()).isZero();
        source.answer(0, "v");
        assertThat(patient).isCompletedWithValue("v");
    }

    @Test
    void theCallAfterAnAbandonedLoadLoadsAnew() {
        cache.getOrFetch("k", source).toFuture().cancel(true);

        CompletableFuture<String> next = cache.getOrFetch("k", source).toFuture();
        source.answer(1, "v");

        assertThat(source.loads()).isEqualTo(2);
        assertThat(next).isCompletedWithValue("v");
    }

    @Test
    void aLoadThatIgnoresItsCancellationIsNotStored() {
        AtomicReference<CoreSubscriber<? super String>> loading = new AtomicReference<>();
        Mono<String> late = new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super String> actual) {
                loading.set(actual);
                actual.onSubscribe(Operators.emptySubscription());
            }
        };
        cache.getOrFetch("k", late).toFuture().cancel(true);

        loading.get().onNext("too late");
        loading.get().onComplete();

        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test
    void anAbandonedLoadGoesOnAndFillsTheCacheIfAskedTo() {
        ReactiveCache<String, String> finishing =
                builder().onAbandon(OnAbandon.FINISH_LOAD).build();
        finishing.getOrFetch("k", source).toFuture().cancel(true);

        CompletableFuture<String> joined = finishing.getOrFetch("k", source).toFuture();
        joined.cancel(true);
        assertThat(source.cancelled()).as("cancelled loads").isZero();
        source.answer(0, "v");

        assertThat(source.loads()).as("loads").isEqualTo(1);
        StepVerifier.create(finishing.get("k")).expectNext("v").verifyComplete();
    }

    @Test
    void anAbandonedLoadThatGoesOnIsStillCancelledByTheTimeout() {
        ReactiveCache<String, String> finishing = builder()
                .onAbandon(OnAbandon.FINISH_LOAD)
                .loadTimeout(Duration.ofSeconds(3))
                .build();
        finishing.getOrFetch("k", source).toFuture().cancel(true);

        timer.advanceTimeBy(Duration.ofSeconds(3));

        assertThat(source.cancelled()).isEqualTo(1);
        assertThat(finishing.stats().localSize()).isZero();
    }

    @Test
    void callersWhoComeWhileTheLastOneLeavesAlwaysGetAValue() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        for (int round = 0; round < 2_000; round++) {
            String key = "k" + round;
            HeldSource held = new HeldSource();
            CompletableFuture<String> leaving = cache.getOrFetch(key, held).toFuture();
            CompletableFuture<?> left = CompletableFuture.runAsync(() -> leaving.cancel(true), other);

            CompletableFuture<String> coming = cache.getOrFetch(key, held).toFuture();
            left.get(10, TimeUnit.SECONDS);

            held.answer(held.loads() - 1, "v");
            assertThat(coming).as("round " + round).isCompletedWithValue("v");
            assertThat(held.loads() - held.cancelled()).as("live loads").isEqualTo(1);
        }
        other.shutdownNow();
    }

    @Test
    void aSubscriberThatCancelsAtOnceStartsNoLoad() {
        cache.getOrFetch("k", source).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.cancel();
            }
        });

        assertThat(source.loads() - source.cancelled()).as("loads that run").isZero();
        assertThat(source.loads()).as("loads").isZero();
        assertThat(cache.stats().localSize()).isZero();
    }
}
