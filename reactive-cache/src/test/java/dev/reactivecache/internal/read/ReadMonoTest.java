package dev.reactivecache.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.fake.PickyCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What the Reactive Streams TCK does not ask of a publisher of one element. */
class ReadMonoTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final ReactiveCache<String, String> cache =
            ReactiveCache.<String, String>builder("mono").timer(timer).build();
    private final List<String> signals = new ArrayList<>();

    ReadMonoTest() {
        cache.put("k", "v").block();
    }

    /** Notes all signals, and does what the test says once it is subscribed. */
    private Subscription subscribe(Consumer<Subscription> onSubscribe) {
        Subscription[] given = new Subscription[1];
        cache.get("k").subscribe(new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                given[0] = subscription;
                onSubscribe.accept(subscription);
            }

            @Override
            public void onNext(String value) {
                signals.add(value);
                given[0].request(1);
            }

            @Override
            public void onError(Throwable failure) {
                signals.add("error");
            }

            @Override
            public void onComplete() {
                signals.add("complete");
            }
        });
        return given[0];
    }

    @Test
    void aHitIsEmittedOnceHoweverOftenItIsRequested() {
        Subscription subscription = subscribe(given -> {
            given.request(1);
            given.request(Long.MAX_VALUE);
        });
        subscription.request(1);

        assertThat(signals).containsExactly("v", "complete");
    }

    @Test
    void aHitIsNotEmittedBeforeItIsRequested() {
        Subscription subscription = subscribe(given -> {});
        assertThat(signals).isEmpty();

        subscription.request(1);

        assertThat(signals).containsExactly("v", "complete");
    }

    @Test
    void aCancelledHitIsNotEmitted() {
        Subscription subscription = subscribe(Subscription::cancel);

        subscription.request(1);

        assertThat(signals).isEmpty();
    }

    @Test
    void aHitCanBeUsedInsideOtherOperators() {
        StepVerifier.create(Mono.zip(cache.get("k"), cache.get("k"), String::concat)
                        .flatMap(same -> cache.get("k"))
                        .repeat(2))
                .expectNext("v", "v", "v")
                .verifyComplete();
    }

    @Test
    void aHitCanBePolledByOperatorsThatFuse() {
        StepVerifier.create(cache.get("k"))
                .expectFusion(Fuseable.ANY, Fuseable.SYNC)
                .expectNext("v")
                .verifyComplete();
        StepVerifier.create(cache.get("k").map(String::toUpperCase).filter("V"::equals))
                .expectFusion(Fuseable.ANY, Fuseable.SYNC)
                .expectNext("V")
                .verifyComplete();
    }

    @Test
    void aHitThatWasPolledOrClearedIsGone() {
        Subscription subscription = subscribe(given -> {});
        assertThat(subscription).isInstanceOf(Fuseable.QueueSubscription.class);
        Queue<?> queue = (Fuseable.QueueSubscription<?>) subscription;
        assertThat(queue).hasSize(1);

        assertThat(queue.poll()).isEqualTo("v");
        assertThat(queue.poll()).isNull();
        assertThat(queue.isEmpty()).isTrue();
        subscription.request(1);

        assertThat(signals).isEmpty();
    }

    @Test
    void aMissHasNothingToPoll() {
        StepVerifier.create(cache.getOrFetch("other", Mono.just("loaded"))
                        .map(String::toUpperCase)
                        .filter("LOADED"::equals))
                .expectNoFusionSupport()
                .expectNext("LOADED")
                .verifyComplete();
        StepVerifier.create(cache.getOrFetch("none", Mono.<String>empty()).map(String::toUpperCase))
                .expectNoFusionSupport()
                .verifyComplete();
    }

    @Test
    void chainsOfHitsAndMissesWorkUnderTheDebuggersOfReactor() {
        Hooks.onOperatorDebug();
        try {
            StepVerifier.create(cache.get("k")
                            .map(String::toUpperCase)
                            .flatMap(upper -> cache.getOrFetch("debug", Mono.just(upper)))
                            .map(String::toLowerCase))
                    .expectNext("v")
                    .verifyComplete();
        } finally {
            Hooks.resetOnOperatorDebug();
        }
    }

    @Test
    void aReadMakesNoClaimToStayOnTheSubscribersThread() {
        assertThat(Scannable.from(cache.get("k")).scan(Scannable.Attr.RUN_STYLE))
                .isEqualTo(Scannable.Attr.RunStyle.ASYNC);
    }

    /** Subscribes as operators do, whose subscribers are handed on as they are. */
    private void subscribeTo(Mono<String> read) {
        read.subscribe(new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(1);
            }

            @Override
            public void onNext(String value) {
                throw new NoClassDefFoundError("a class of the reader's");
            }

            @Override
            public void onError(Throwable failure) {
                signals.add(failure.getMessage());
            }

            @Override
            public void onComplete() {
                signals.add("complete");
            }
        });
    }

    @Test
    void aKeyThatCannotBeEncodedIsAnErrorWhateverItThrows() {
        FakeServer server = new FakeServer(timer);
        ReactiveCache<String, String> failing = ReactiveCache.<String, String>builder("mono")
                .timer(timer)
                .key(KeyCodec.of(
                        "broken",
                        key -> {
                            throw new AssertionError("no such class");
                        },
                        text -> text))
                .value(new PickyCodec())
                .remote(server.connect())
                .build();

        subscribeTo(failing.get("cold"));

        assertThat(signals).containsExactly("key cold cannot be encoded as broken");
    }

    @Test
    void aSubscriberThatThrowsIsToldSoByWhateverThreadAnswers() {
        HeldSource source = new HeldSource();
        subscribeTo(cache.getOrFetch("cold", source));

        source.answer(0, "v");

        assertThat(signals).containsExactly("a class of the reader's");
    }
}
