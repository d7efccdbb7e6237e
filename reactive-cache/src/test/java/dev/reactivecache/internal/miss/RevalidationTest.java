package dev.reactivecache.internal.miss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Cached.Origin;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.fake.PickyCodec;
import dev.reactivecache.remote.Epoch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What is in memory from before a gap is compared by its stamp, without its payload, before it is served again. */
class RevalidationTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("checked")
            .key(KeyCodec.ofString())
            .value(new PickyCodec())
            .timer(timer)
            .jitter(0)
            .remote(tier)
            .build();
    private final HeldSource source = new HeldSource();

    @BeforeEach
    void keepOneEntryAndLoseTheStream() {
        cache.getOrFetch("k", Mono.just("v")).block();
        tier.gap("connection lost");
        tier.forget();
    }

    @Test
    void anUnchangedEntryCostsOneInspectionAndNoRead() {
        StepVerifier.create(cache.getOrFetch("k", source)).expectNext("v").verifyComplete();
        StepVerifier.create(cache.getOrFetch("k", source))
                .as("after that")
                .expectNext("v")
                .verifyComplete();

        assertThat(tier.sent()).containsExactly(Op.INSPECT);
        assertThat(cache.stats().checks()).isEqualTo(1);
        assertThat(cache.stats().remoteHits()).isEqualTo(1);
        assertThat(source.loads()).isZero();
    }

    @Test
    void readersShareOneInspection() {
        Held inspection = tier.hold(Op.INSPECT);
        List<CompletableFuture<String>> readers = IntStream.range(0, 20)
                .mapToObj(i -> cache.getOrFetch("k", source).toFuture())
                .toList();

        inspection.arrive().reply();

        assertThat(readers).allSatisfy(reader -> assertThat(reader).isCompletedWithValue("v"));
        assertThat(tier.sent()).containsExactly(Op.INSPECT);
    }

    @Test
    void aLookupSaysThatTheRemoteTierConfirmedIt() {
        timer.advanceTimeBy(Duration.ofSeconds(4));

        StepVerifier.create(cache.lookup("k", source))
                .assertNext(answer -> {
                    assertThat(answer.value()).isEqualTo("v");
                    assertThat(answer.origin()).isEqualTo(Origin.REMOTE);
                    assertThat(answer.age()).isEqualTo(Duration.ofSeconds(4));
                    assertThat(answer.remainingTtl()).isEqualTo(Duration.ofSeconds(26));
                })
                .verifyComplete();
    }

    @Test
    void aChangedEntryIsReadAnew() {
        server.storeSilently("k", "changed", Duration.ofMinutes(1));

        StepVerifier.create(cache.getOrFetch("k", source)).expectNext("changed").verifyComplete();

        assertThat(tier.sent()).containsExactly(Op.INSPECT, Op.READ);
    }

    @Test
    void anEntryThatIsGoneIsLoadedAnew() {
        tier.holdEvents();
        server.delete("k");

        StepVerifier.create(cache.getOrFetch("k", Mono.just("new")))
                .expectNext("new")
                .verifyComplete();

        assertThat(tier.sent()).containsExactly(Op.INSPECT, Op.LEASE, Op.FILL);
    }

    @Test
    void anEntryThatCannotBeCheckedIsNotServed() {
        tier.fail(Op.INSPECT);

        StepVerifier.create(cache.getOrFetch("k", Mono.just("new")))
                .expectNext("new")
                .verifyComplete();
        assertThat(tier.sent())
                .as("nothing is asked of a tier that just failed")
                .containsExactly(Op.INSPECT);
    }

    @Test
    void aLifeThatSomebodyShortenedMeanwhileIsHeeded() {
        server.shortenSilently("k", Duration.ofSeconds(10));
        StepVerifier.create(cache.get("k")).as("checked").expectNext("v").verifyComplete();

        timer.advanceTimeBy(Duration.ofSeconds(10));

        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test
    void aCheckDoesNotLengthenTheLifeOfTheCopy() {
        timer.advanceTimeBy(Duration.ofSeconds(29));
        StepVerifier.create(cache.get("k")).as("checked").expectNext("v").verifyComplete();
        timer.advanceTimeBy(Duration.ofSeconds(1));
        tier.forget();

        cache.get("k").block();

        assertThat(tier.sent()).containsExactly(Op.READ);
    }

    @Test
    void anEventDuringTheCheckKeepsTheConfirmedEntryOut() {
        Held inspection = tier.hold(Op.INSPECT);
        CompletableFuture<String> reading = cache.getOrFetch("k", source).toFuture();
        inspection.arrive();
        server.delete("k");

        inspection.reply();

        assertThat(reading).isCompletedWithValue("v");
        StepVerifier.create(cache.getOrFetch("k", Mono.just("new")))
                .expectNext("new")
                .verifyComplete();
    }

    @Test
    void aGapDuringTheCheckMakesTheNextReadCheckAgain() {
        Held inspection = tier.hold(Op.INSPECT);
        cache.getOrFetch("k", source).toFuture();
        inspection.arrive();

        tier.gap("again");
        inspection.reply();
        tier.forget();
        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();

        assertThat(tier.sent()).hasSize(1);
    }

    @Test
    void aStreamThatHasBeenSilentForTooLongHasItsEntriesChecked() {
        long bound = Duration.ofMillis(1_500).toNanos();
        Epoch heard = Epoch.bounded(bound, timer.now(TimeUnit.NANOSECONDS));
        tier.gap("begin", heard);
        cache.get("k").block();
        tier.forget();

        timer.advanceTimeBy(Duration.ofMillis(1_500));
        cache.get("k").block();
        assertThat(tier.sent()).as("within the bound").isEmpty();
        timer.advanceTimeBy(Duration.ofNanos(1));
        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();

        assertThat(tier.sent()).as("beyond the bound").containsExactly(Op.INSPECT);
        heard.heard(timer.now(TimeUnit.NANOSECONDS));
        tier.forget();
        cache.get("k").block();
        assertThat(tier.sent()).as("heard from again").isEmpty();
    }

    @Test
    void aCopyThatNeverWasInTheRemoteTierIsReadAnewAfterAGap() {
        cache.getOrFetch("mine", Mono.just("unwritable")).block();
        tier.gap("again");
        tier.forget();

        StepVerifier.create(cache.getOrFetch("mine", Mono.just("new")))
                .expectNext("new")
                .verifyComplete();

        assertThat(tier.sent()).containsExactly(Op.READ, Op.LEASE, Op.FILL);
    }
}
