package dev.reactivecache.internal.miss;

import static dev.reactivecache.RecoveryHealth.NOTHING_PENDING;
import static dev.reactivecache.fake.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheHealth;
import dev.reactivecache.CacheHealth.Status;
import dev.reactivecache.LoadTimeoutException;
import dev.reactivecache.OnAbandon;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.fake.PickyCodec;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.RegionListener.Change;
import dev.reactivecache.remote.RemoteHealth;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** G9 and R18: no failure of the remote tier and no bytes in it fail a read that the loader can answer. */
class RemoteFailureTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final ReactiveCache<String, String> cache = builder().remote(tier).build();
    private final HeldSource source = new HeldSource();

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("failing")
                .key(KeyCodec.of("short", key -> key, text -> {
                    if (text.equals("not a key")) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                }))
                .value(new PickyCodec())
                .timer(timer)
                .jitter(0);
    }

    @TestFactory
    Stream<DynamicTest> aReadSurvivesEachFailureAndCountsIt() {
        return Stream.of(Op.READ, Op.LEASE, Op.FILL)
                .map(op -> DynamicTest.dynamicTest(op.name(), () -> {
                    FakeTier broken = new FakeServer(timer).connect().fail(op);
                    ReactiveCache<String, String> node =
                            builder().remote(broken).build();

                    StepVerifier.create(node.getOrFetch("k", Mono.just("v")))
                            .expectNext("v")
                            .verifyComplete();

                    assertThat(node.stats().remoteFailures()).isEqualTo(1);
                    assertThat(node.stats().loads()).isEqualTo(1);
                }));
    }

    @Test
    void aReadWithoutAnAnswerDoesNotWaitForTheGenerationThatItAskedFor() {
        // given a read that asks for the entry and, at the same time, for the generation
        FakeTier.Held generation = tier.hold(Op.GENERATION);
        FakeTier.Held read = tier.hold(Op.READ);
        CompletableFuture<String> answer = cache.getOrFetch("k", Mono.just("v")).toFuture();
        assertThat(generation.isSent()).isTrue();

        // when the entry is waited for no longer
        read.fail();

        // then the value is loaded at once
        assertThat(answer).isCompletedWithValue("v");
    }

    @Test
    void aReadSurvivesWhenEverythingFails() {
        tier.fail(Op.values());

        StepVerifier.create(cache.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();
        StepVerifier.create(cache.lookup("k", key -> Mono.just("v")))
                .assertNext(answer -> assertThat(answer.remainingTtl()).isEqualTo(Duration.ZERO))
                .verifyComplete();
    }

    @Test
    void theLossOfTheRemoteTierDoesNotTurnAllTrafficOnTheSourceAtOnce() {
        // given
        FakeTier lost = server.connect();
        ReactiveCache<String, String> node =
                builder().remote(lost).loadBulkhead(2).build();
        lost.fail(Op.READ);

        // when callers ask for four keys, and one more for the first
        List<CompletableFuture<String>> answers = Stream.of("a", "b", "c", "d", "a")
                .map(key -> node.getOrFetch(key, source).toFuture())
                .toList();

        // then two are loaded, and each of the others when one of them ends
        assertThat(source.loads()).isEqualTo(2);
        source.answer(0, "of a");
        assertThat(source.loads()).isEqualTo(3);
        source.fail(1, new IllegalStateException("of b"));
        assertThat(source.loads()).isEqualTo(4);
        source.answer(2, "of c");
        source.answer(3, "of d");
        assertThat(answers.get(1)).isCompletedExceptionally();
        assertThat(List.of(answers.get(0), answers.get(2), answers.get(3), answers.get(4)))
                .extracting(CompletableFuture::join)
                .containsExactly("of a", "of c", "of d", "of a");
    }

    @Test
    void aLoadThatCannotBeginInTimeEndsAsOneThatTakesTooLong() {
        FakeTier lost = server.connect();
        ReactiveCache<String, String> node = builder()
                .remote(lost)
                .loadBulkhead(1)
                .loadTimeout(Duration.ofSeconds(4))
                .onAbandon(OnAbandon.FINISH_LOAD)
                .build();
        lost.fail(Op.READ);
        node.getOrFetch("a", source).subscribe();
        timer.advanceTimeBy(Duration.ofSeconds(1));
        node.getOrFetch("b", source).subscribe(); // has its turn when the first is cancelled
        CompletableFuture<String> third = node.getOrFetch("c", source).toFuture();

        timer.advanceTimeBy(Duration.ofSeconds(4));

        assertThat(source.loads()).isEqualTo(2);
        assertThat(failureOf(third))
                .isInstanceOf(LoadTimeoutException.class)
                .hasMessageContaining("before key c could be loaded")
                .hasMessageContaining("loadBulkhead (1)");
    }

    @Test
    void loadsAreNotHeldUpWhileTheRemoteTierAnswers() {
        ReactiveCache<String, String> node =
                builder().remote(server.connect()).loadBulkhead(1).build();

        Stream.of("a", "b", "c").forEach(key -> node.getOrFetch(key, source).subscribe());

        assertThat(source.loads()).isEqualTo(3);
    }

    @Test
    void aLoadIsSharedAlsoWhenTheRemoteTierFails() {
        tier.fail(Op.values());
        CompletableFuture<String> first = cache.getOrFetch("k", source).toFuture();
        CompletableFuture<String> second = cache.getOrFetch("k", source).toFuture();

        source.answer(0, "v");

        assertThat(source.loads()).isEqualTo(1);
        assertThat(first).isCompletedWithValue("v");
        assertThat(second).isCompletedWithValue("v");
    }

    @Test
    void whatWasLoadedWithoutTheRemoteTierIsKeptNowhere() {
        tier.fail(Op.READ);
        cache.getOrFetch("k", Mono.just("not to be voided by anyone")).block();

        tier.heal();

        StepVerifier.create(cache.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();
    }

    @Test
    void getIsEmptyWhenTheRemoteTierFails() {
        tier.fail(Op.READ);

        StepVerifier.create(cache.get("k")).verifyComplete();

        assertThat(cache.stats().remoteFailures()).isEqualTo(1);
        assertThat(cache.stats().misses()).isEqualTo(1);
    }

    @Test
    void theLoadersErrorReachesTheCallerAlsoWhenTheRemoteTierFails() {
        tier.fail(Op.values());
        IllegalStateException down = new IllegalStateException("source down, too");

        StepVerifier.create(cache.getOrFetch("k", Mono.error(down)))
                .verifyErrorSatisfies(failure -> assertThat(failure).isSameAs(down));
    }

    @Test // R18
    void undecodableBytesAreAMissCountedAndHealedByTheFill() {
        server.storeSilently("k", "garbage", Duration.ofMinutes(1));

        StepVerifier.create(cache.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();

        assertThat(cache.stats().unreadable()).isEqualTo(1);
        assertThat(cache.stats().misses()).isEqualTo(1);
        assertThat(cache.stats().remoteHits()).isZero();
        assertThat(server.stored("k")).isEqualTo("v");
    }

    @Test // R18
    void foreignBytesAreAMissCountedAndHealedByTheFill() {
        server.storeAlien("k");

        StepVerifier.create(cache.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();

        assertThat(cache.stats().unreadable()).isEqualTo(1);
        assertThat(server.stored("k")).isEqualTo("v");
    }

    @Test // R18
    void getIsEmptyOnBytesThatCannotBeRead() {
        server.storeSilently("undecodable", "garbage", Duration.ofMinutes(1));
        server.storeAlien("foreign");

        StepVerifier.create(cache.get("undecodable")).verifyComplete();
        StepVerifier.create(cache.get("foreign")).verifyComplete();

        assertThat(cache.stats().unreadable()).isEqualTo(2);
        assertThat(server.stored("undecodable"))
                .as("left for those who can read it")
                .isEqualTo("garbage");
    }

    @Test // R18
    void anotherUndecodableValueThatAppearsBeforeTheLeaseIsStillAMiss() {
        FakeTier.Held lease = tier.hold(Op.LEASE);
        CompletableFuture<String> reading =
                cache.getOrFetch("k", Mono.just("v")).toFuture();
        server.storeSilently("k", "garbage", Duration.ofMinutes(1));

        lease.arrive().reply();

        assertThat(reading).isCompletedWithValue("v");
        assertThat(cache.stats().unreadable()).isEqualTo(1);
    }

    @Test // R18
    void aCodecThatReturnsNullHasNotReadAnything() {
        server.storeSilently("k", "null", Duration.ofMinutes(1));

        StepVerifier.create(cache.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();

        assertThat(cache.stats().unreadable()).isEqualTo(1);
        assertThat(server.stored("k")).isEqualTo("v");
    }

    @Test
    void aValueThatCannotBeWrittenIsServedAndKeptInMemoryOnly() {
        StepVerifier.create(cache.getOrFetch("k", Mono.just("unwritable")))
                .expectNext("unwritable")
                .verifyComplete();

        StepVerifier.create(cache.get("k")).expectNext("unwritable").verifyComplete();
        assertThat(cache.stats().unwritable()).isEqualTo(1);
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void wordOfAChangeUnderTextThatIsNoKeyIsCountedAndHarmless() {
        cache.getOrFetch("k", Mono.just("v")).block();

        tier.event("not a key", Change.DELETED);

        assertThat(cache.stats().unreadable()).isEqualTo(1);
        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();
    }

    @Test
    void changesAndGapsAreCounted() {
        tier.event("k", Change.DELETED);
        tier.event("k", Change.EVICTED);
        tier.gap("connection lost");

        assertThat(cache.stats().invalidations()).isEqualTo(2);
        assertThat(cache.stats().gaps()).isEqualTo(1);
    }

    @Test
    void healthFollowsTheRemoteTier() {
        RemoteHealth deaf = new RemoteHealth(true, false, null, "notifications are off");
        RemoteHealth gone = new RemoteHealth(false, false, null, "connection refused");
        assertThat(cache.health().status()).isEqualTo(Status.UP);

        tier.health(deaf);
        assertThat(cache.health()).isEqualTo(new CacheHealth("failing", Status.DEGRADED, deaf, NOTHING_PENDING, null));
        tier.health(gone);
        assertThat(cache.health())
                .isEqualTo(new CacheHealth("failing", Status.DISCONNECTED, gone, NOTHING_PENDING, null));
        cache.close().block();
        assertThat(cache.health().status()).isEqualTo(Status.CLOSED);
    }

    @Test
    void everyReadAsksTheRemoteTierWhileTheStreamIsDown() {
        tier.gap("connection lost", Epoch.none());
        cache.getOrFetch("k", Mono.just("v")).block();
        tier.forget();

        cache.get("k").block();
        cache.get("k").block();

        assertThat(tier.sent()).containsExactly(Op.READ, Op.READ);
    }
}
