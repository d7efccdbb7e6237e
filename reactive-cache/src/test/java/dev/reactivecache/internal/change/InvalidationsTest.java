package dev.reactivecache.internal.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Invalidation;
import dev.reactivecache.Invalidation.Cause;
import dev.reactivecache.Invalidation.Gap;
import dev.reactivecache.Invalidation.KeyInvalidated;
import dev.reactivecache.ReactiveCache;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The events of a cache: hot, for any number of subscribers, each with a bounded buffer of its own. */
class InvalidationsTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("events")
            .timer(timer)
            .invalidationBuffer(3)
            .build();

    /** A subscriber that asks for as much as the test says, and notes what it gets. */
    private final class Listener extends BaseSubscriber<Invalidation<String>> {
        private final List<Invalidation<String>> heard = new ArrayList<>();
        private final List<Throwable> errors = new ArrayList<>();
        private final long first;
        private Subscription subscription;
        private boolean complete;

        Listener(long first) {
            this.first = first;
        }

        @Override
        protected void hookOnSubscribe(Subscription given) {
            subscription = given;
            if (first > 0) {
                request(first);
            }
        }

        @Override
        protected void hookOnNext(Invalidation<String> event) {
            heard.add(event);
        }

        @Override
        protected void hookOnError(Throwable failure) {
            errors.add(failure);
        }

        @Override
        protected void hookOnComplete() {
            complete = true;
        }

        List<Invalidation<String>> heard() {
            timer.advanceTime();
            return heard;
        }
    }

    private Listener listen(long first) {
        Listener listener = new Listener(first);
        cache.invalidations().subscribe(listener);
        return listener;
    }

    private void invalidate(String... keys) {
        for (String key : keys) {
            cache.invalidate(key).block();
        }
    }

    private static KeyInvalidated<String> dropped(String key) {
        return new KeyInvalidated<>(key, Cause.INVALIDATED);
    }

    @Test
    void ownChangesAreToldInOrder() {
        Listener listener = listen(Long.MAX_VALUE);

        cache.put("a", "v").block();
        listener.heard();
        cache.invalidate("a").block();
        listener.heard();
        cache.writeThrough("b", Mono.just("v")).block();
        listener.heard();
        cache.deleteThrough("a", Mono.empty()).block();

        assertThat(listener.heard())
                .containsExactly(
                        new KeyInvalidated<>("a", Cause.REPLACED),
                        dropped("a"),
                        new KeyInvalidated<>("b", Cause.REPLACED),
                        dropped("a"));
    }

    @Test
    void aSubscriberThatThrowsIsNoLongerOne() {
        Scheduler one = Schedulers.newSingle("readers");
        List<Throwable> thrown = new ArrayList<>();
        Schedulers.onHandleError("test", (thread, failure) -> thrown.add(failure));
        try {
            InvalidationHub<String> hub = new InvalidationHub<>(3, one);
            hub.subscribe(new CoreSubscriber<>() {
                @Override
                public void onSubscribe(Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(Invalidation<String> event) {
                    throw new IllegalStateException("thrown at " + event);
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onComplete() {}
            });

            hub.publish(dropped("a"));
            Mono.fromRunnable(() -> {}).subscribeOn(one).block();

            assertThat(hub.hasReaders()).isFalse();
            assertThat(thrown).singleElement().asString().contains("thrown at");
        } finally {
            Schedulers.resetOnHandleError("test");
            one.dispose();
        }
    }

    @Test
    void readsAndLoadsAreNotTold() {
        Listener listener = listen(Long.MAX_VALUE);

        cache.getOrFetch("k", Mono.just("v")).block();
        cache.get("k").block();

        assertThat(listener.heard()).isEmpty();
    }

    @Test
    void whatHappenedBeforeTheSubscriptionIsNotTold() {
        invalidate("before");

        Listener listener = listen(Long.MAX_VALUE);
        invalidate("after");

        assertThat(listener.heard()).containsExactly(dropped("after"));
    }

    @Test
    void whatHappensFromTheSubscriptionOnIsToldAlsoIfItIsRequestedLater() {
        Listener listener = listen(0);
        invalidate("a", "b");
        assertThat(listener.heard()).isEmpty();

        listener.request(1);
        assertThat(listener.heard()).containsExactly(dropped("a"));
        listener.request(5);
        assertThat(listener.heard()).containsExactly(dropped("a"), dropped("b"));
    }

    @Test
    void everySubscriberHearsEveryEvent() {
        Listener one = listen(Long.MAX_VALUE);
        Listener two = listen(Long.MAX_VALUE);

        invalidate("k");

        assertThat(one.heard()).containsExactly(dropped("k"));
        assertThat(two.heard()).containsExactly(dropped("k"));
    }

    @Test
    void eventsOfOneKeyThatWaitAreMergedIntoTheNewest() {
        Listener slow = listen(0);

        for (int i = 0; i < 100; i++) {
            invalidate("a", "b");
        }
        cache.put("a", "v").block();
        slow.request(Long.MAX_VALUE);

        assertThat(slow.heard()).containsExactly(dropped("b"), new KeyInvalidated<>("a", Cause.REPLACED));
    }

    @Test
    void asManyKeysAsTheBufferHoldsAreKept() {
        Listener slow = listen(0);

        invalidate("a", "b", "c");
        slow.request(Long.MAX_VALUE);

        assertThat(slow.heard()).containsExactly(dropped("a"), dropped("b"), dropped("c"));
    }

    @Test
    void aSubscriberWhoseBufferOverflowsGetsOneGapInPlaceOfAllThatWaited() {
        Listener slow = listen(0);

        invalidate("a", "b", "c", "d");
        slow.request(Long.MAX_VALUE);

        assertThat(slow.heard()).containsExactly(new Gap<>("more than 3 keys were waiting for this subscriber"));
        invalidate("e");
        assertThat(slow.heard()).last().isEqualTo(dropped("e"));
    }

    @Test
    void whatWaitsStaysBoundedHoweverMuchHappens() {
        Listener slow = listen(0);

        for (int i = 0; i < 10_000; i++) {
            invalidate("k" + i);
        }
        slow.request(Long.MAX_VALUE);

        assertThat(slow.heard()).hasSizeLessThanOrEqualTo(3);
        assertThat(slow.heard()).first().isInstanceOf(Gap.class);
        assertThat(slow.heard().stream().filter(Gap.class::isInstance)).hasSize(1);
    }

    @Test
    void aSlowSubscriberDoesNotHoldUpOthersNorThePublisher() {
        Listener slow = listen(0);
        Listener quick = listen(Long.MAX_VALUE);

        for (int i = 0; i < 10; i++) {
            invalidate("k" + i);
            assertThat(quick.heard()).hasSize(i + 1);
        }

        assertThat(slow.heard()).isEmpty();
        assertThat(quick.heard()).noneMatch(Gap.class::isInstance);
    }

    @Test
    void aSubscriberThatThrowsDoesNotHarmOthersNorThePublisher() {
        List<Throwable> own = new ArrayList<>();
        cache.invalidations()
                .subscribe(
                        event -> {
                            throw new IllegalStateException("broken subscriber");
                        },
                        own::add);
        Listener other = listen(Long.MAX_VALUE);

        invalidate("a");
        timer.advanceTime();
        invalidate("b");

        assertThat(other.heard()).containsExactly(dropped("a"), dropped("b"));
        assertThat(own).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aSubscriberThatHasGoneIsForgotten() {
        InvalidationHub<String> hub = new InvalidationHub<>(3, timer);
        Listener cancelled = new Listener(1);
        Listener wrong = new Listener(0);
        hub.subscribe(cancelled);
        hub.subscribe(wrong);
        assertThat(hub.hasReaders()).isTrue();

        cancelled.cancel();
        wrong.subscription.request(0);
        timer.advanceTime();
        assertThat(hub.hasReaders()).isFalse();

        hub.subscribe(new Listener(1));
        hub.close();
        timer.advanceTime();
        assertThat(hub.hasReaders()).isFalse();
    }

    @Test
    void aRequestForNothingIsAnErrorAndEndsTheSubscription() {
        Listener wrong = listen(0);
        Listener negative = listen(0);
        Listener right = listen(Long.MAX_VALUE);

        wrong.subscription.request(0);
        negative.subscription.request(-1);
        timer.advanceTime();
        invalidate("k");

        assertThat(wrong.errors).singleElement().isInstanceOf(IllegalArgumentException.class);
        assertThat(wrong.errors.get(0)).hasMessageContaining("3.9").hasMessageContaining("not 0");
        assertThat(negative.errors).singleElement().isInstanceOf(IllegalArgumentException.class);
        assertThat(wrong.heard()).isEmpty();
        assertThat(right.heard()).containsExactly(dropped("k"));
    }

    @Test
    void aSubscriberThatCancelsHearsNothingMore() {
        Listener listener = listen(Long.MAX_VALUE);
        invalidate("a");

        listener.cancel();
        invalidate("b");

        assertThat(listener.heard()).containsExactly(dropped("a"));
        assertThat(listener.complete).isFalse();
    }

    @Test
    void aSubscriberThatTakesOneHearsOne() {
        StepVerifier.create(cache.invalidations().take(1))
                .then(() -> invalidate("a", "b"))
                .then(timer::advanceTime)
                .expectNext(dropped("a"))
                .verifyComplete();
    }

    @Test
    void closingCompletesEachSubscriberAfterWhatWaitsForIt() {
        Listener quick = listen(Long.MAX_VALUE);
        Listener slow = listen(0);
        invalidate("a", "b");

        cache.close().block();

        assertThat(quick.heard()).containsExactly(dropped("a"), dropped("b"));
        assertThat(quick.complete).isTrue();
        assertThat(slow.heard()).isEmpty();
        assertThat(slow.complete).as("before it took what waits").isFalse();
        slow.request(2);
        assertThat(slow.heard()).containsExactly(dropped("a"), dropped("b"));
        assertThat(slow.complete).isTrue();
    }
}
