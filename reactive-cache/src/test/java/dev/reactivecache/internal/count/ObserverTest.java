package dev.reactivecache.internal.count;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.fake.PickyCodec;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.observe.CacheObserver;
import dev.reactivecache.observe.Outcome;
import dev.reactivecache.observe.RemoteOperation;
import dev.reactivecache.observe.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** What an observer hears, and that it can do no harm. */
class ObserverTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final HeldSource source = new HeldSource();
    private final Heard heard = new Heard();
    private final ReactiveCache<String, String> cache =
            builder().remote(tier).observer(heard).build();

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("observed")
                .key(KeyCodec.ofString())
                .value(new PickyCodec())
                .timer(timer)
                .jitter(0);
    }

    @Test
    void aLoadAndItsRemoteCallsAreToldWithTimeAndOutcome() {
        cache.getOrFetch("k", source).toFuture();
        timer.advanceTimeBy(Duration.ofMillis(30));
        source.answer(0, "v");

        assertThat(heard.events)
                .containsExactly(
                        "READ SUCCESS PT0S",
                        "GENERATION SUCCESS PT0S",
                        "LEASE SUCCESS PT0S",
                        "load SUCCESS PT0.03S",
                        "FILL SUCCESS PT0S");
    }

    @Test
    void aHitInMemoryIsNotTold() {
        cache.getOrFetch("k", Mono.just("v")).block();
        heard.events.clear();

        cache.getOrFetch("k", source).block();
        cache.get("k").block();
        cache.lookup("k", source).block();

        assertThat(heard.events).isEmpty();
    }

    @Test
    void everyOutcomeOfALoadHasItsName() {
        ReactiveCache<String, String> local = ReactiveCache.<String, String>builder("outcomes")
                .timer(timer)
                .loadTimeout(Duration.ofSeconds(1))
                .observer(heard)
                .build();

        local.getOrFetch("a", Mono.empty()).block();
        local.getOrFetch("b", Mono.error(new IllegalStateException("down")))
                .onErrorComplete()
                .block();
        local.getOrFetch("c", Mono.never()).subscribe().dispose();
        local.getOrFetch("d", Mono.never()).onErrorComplete().subscribe();
        timer.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(heard.events)
                .containsExactly("load EMPTY PT0S", "load ERROR PT0S", "load CANCELLED PT0S", "load TIMEOUT PT1S");
    }

    @Test
    void coalescedCallersRefusedFillsChecksAndGapsAreTold() {
        cache.getOrFetch("k", source).toFuture();
        cache.getOrFetch("k", source).toFuture();
        cache.invalidate("k").block();
        source.answer(0, "v");
        cache.getOrFetch("other", Mono.just("v")).block();
        tier.gap("connection lost");
        cache.get("other").block();

        assertThat(heard.events).contains("coalesced", "refused fill", "gap connection lost", "check");
    }

    @Test
    void evictionsAreTold() {
        ReactiveCache<String, String> small = ReactiveCache.<String, String>builder("small")
                .local(LocalTier.maximumSize(10))
                .observer(heard)
                .build();

        for (int i = 0; i < 100; i++) {
            small.put("k" + i, "v").block();
        }

        assertThat(heard.evictions).isBetween(80L, small.stats().evictions());
    }

    @Test
    void aFailingRemoteTierIsToldAndTheReadAnswered() {
        tier.fail(Op.READ);

        StepVerifier.create(cache.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();

        assertThat(heard.events).contains("READ ERROR PT0S", "load SUCCESS PT0S");
    }

    @Test
    void theContextOfTheCallerReachesTheObserverAndItsOwnReachesTheLoader() {
        cache.getOrFetch(
                        "k",
                        Mono.deferContextual(context -> Mono.just(context.get("caller") + "," + context.get("span"))))
                .contextWrite(Context.of("caller", "ada"))
                .as(StepVerifier::create)
                .expectNext("ada,load of ada")
                .verifyComplete();
    }

    @Test
    void anObserverThatThrowsHarmsNothingAndIsCounted() {
        ReactiveCache<String, String> watched = ReactiveCache.<String, String>builder("thrown")
                .timer(timer)
                .observer(new Throwing())
                .observer(heard)
                .build();

        StepVerifier.create(watched.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();
        StepVerifier.create(watched.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();

        assertThat(watched.stats().observerFailures())
                .as("one watch, its context and its end")
                .isEqualTo(2);
        assertThat(heard.events).as("the next observer").containsExactly("load SUCCESS PT0S");
    }

    @Test
    void anObserverWhoseBeginningThrowsHarmsNothing() {
        ReactiveCache<String, String> watched = ReactiveCache.<String, String>builder("thrown")
                .timer(timer)
                .observer(new CacheObserver() {
                    @Override
                    public Watch onLoad(ContextView context) {
                        throw new IllegalStateException("broken");
                    }
                })
                .build();

        StepVerifier.create(watched.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();

        assertThat(watched.stats().observerFailures()).isEqualTo(1);
    }

    @Test
    void anObserverCanBeAddedAndTakenAwayLater() {
        Heard late = new Heard();
        Disposable observing = cache.observe(late);
        cache.getOrFetch("a", Mono.just("v")).block();
        int before = late.events.size();
        observing.dispose();
        cache.getOrFetch("b", Mono.just("v")).block();

        assertThat(late.events).hasSize(before).contains("load SUCCESS PT0S");
    }

    @Test
    void aRemoteCallThatIsGivenUpIsCancelled() {
        Held held = tier.hold(Op.READ);

        cache.getOrFetch("k", source).subscribe().dispose();

        assertThat(held.isCancelled()).isTrue();
        assertThat(heard.events).contains("READ CANCELLED PT0S");
    }

    /** Writes down what it hears. */
    private static final class Heard implements CacheObserver {
        private final List<String> events = new ArrayList<>();
        private long evictions;

        @Override
        public Watch onLoad(ContextView context) {
            return watch("load", "load of " + context.getOrDefault("caller", "nobody"));
        }

        @Override
        public Watch onRemote(RemoteOperation operation, ContextView context) {
            return watch(operation.name(), operation.name());
        }

        private Watch watch(String name, String span) {
            return new Watch() {
                @Override
                public Context within(Context context) {
                    return context.put("span", span);
                }

                @Override
                public void onEnd(Outcome outcome, Duration took, @Nullable Throwable failure) {
                    events.add(name + " " + outcome + " " + took);
                }
            };
        }

        @Override
        public void onCoalesced() {
            events.add("coalesced");
        }

        @Override
        public void onRefusedFill() {
            events.add("refused fill");
        }

        @Override
        public void onCheck() {
            events.add("check");
        }

        @Override
        public void onGap(String reason) {
            events.add("gap " + reason);
        }

        @Override
        public void onEvictions(int count) {
            evictions += count;
        }
    }

    /** Fails wherever it can. */
    private static final class Throwing implements CacheObserver {
        @Override
        public Watch onLoad(ContextView context) {
            return new Watch() {
                @Override
                public Context within(Context context) {
                    throw new IllegalStateException("broken");
                }

                @Override
                public void onEnd(Outcome outcome, Duration took, @Nullable Throwable failure) {
                    throw new IllegalStateException("broken");
                }
            };
        }
    }
}
