package dev.reactivecache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What the Reactive Streams TCK does not ask of a publisher of one element. */
class ReadMonoTest {
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("mono")
            .timer(VirtualTimeScheduler.create())
            .build();
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
    void aReadMakesNoClaimToStayOnTheSubscribersThread() {
        assertThat(Scannable.from(cache.get("k")).scan(Scannable.Attr.RUN_STYLE))
                .isEqualTo(Scannable.Attr.RunStyle.ASYNC);
    }
}
