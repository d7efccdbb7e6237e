package dev.reactivecache.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.OnUnreachable;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.UncertainWriteException;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.fake.PickyCodec;
import dev.reactivecache.remote.RemoteTierException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** G10: writes that go to the source although the remote tier cannot be told, where the cache was built to allow it. */
class RecoveryOfWritesTest extends RecoveryFixture {
    private final HeldSource writes = new HeldSource();

    RecoveryOfWritesTest() {
        super(cache -> cache.onUnreachable(OnUnreachable.WRITE_AND_RECOVER));
    }

    private void unreachable() {
        tier.fail(Op.BEGIN_WRITE, Op.END_WRITE, Op.INVALIDATE);
    }

    @Test
    void theSourceIsWrittenTheValueEmittedAndTheKeyInvalidatedLater() {
        other.put("k", "old").block();
        unreachable();

        StepVerifier.create(cache.writeThrough("k", Mono.just("new")))
                .expectNext("new")
                .verifyComplete();

        assertPending(1);
        StepVerifier.create(cache.getOrFetch("k", Mono.just("new")))
                .as("not from the tier, which has the old one")
                .expectNext("new")
                .verifyComplete();
        tier.heal().back(false);
        assertThat(server.isFree("k")).isTrue();
        assertPending(0);
    }

    @Test
    void deletesAreMadeAsWritesAre() {
        other.put("k", "old").block();
        unreachable();

        StepVerifier.create(cache.deleteThrough("k", Mono.empty())).verifyComplete();

        tier.heal().back(false);
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void whatIsFilledDuringTheWriteAfterAnEarlyRecoveryIsInvalidatedAfterTheWrite() {
        // given a write that did not reach the tier, and whose recovery succeeds before it ends
        unreachable();
        CompletableFuture<String> writing =
                cache.writeThrough("k", writes.apply("k")).toFuture();
        tier.heal().back(false);
        assertPending(0);

        // when the source still says the old value, to this node and to another
        other.getOrFetch("k", Mono.just("old")).block();
        cache.getOrFetch("k", Mono.just("old")).block();
        tier.holdEvents();
        writes.answer(0, "new");

        // then no tier has it after the write
        assertThat(writing).isCompletedWithValue("new");
        assertThat(server.isFree("k")).isTrue();
        StepVerifier.create(cache.get("k")).verifyComplete();
        assertPending(0);
    }

    @Test
    void aWriteThatFailedMayHaveChangedTheSource() {
        other.put("k", "old").block();
        unreachable();

        StepVerifier.create(cache.writeThrough("k", Mono.error(new IllegalStateException("timed out"))))
                .verifyErrorMessage("timed out");

        assertPending(1);
    }

    @Test
    void aWriteThatWasCancelledMayHaveChangedTheSource() {
        unreachable();
        CompletableFuture<String> writing =
                cache.writeThrough("k", writes.apply("k")).toFuture();
        tier.heal().back(false);
        assertPending(0);
        unreachable();

        writing.cancel(true);

        assertThat(writes.cancelled()).isEqualTo(1);
        assertPending(1);
    }

    @Test
    void aQuarantineThatBeganWithoutItsAcknowledgementIsEndedWithTheWrite() {
        Held begin = tier.hold(Op.BEGIN_WRITE);
        CompletableFuture<String> writing =
                cache.writeThrough("k", writes.apply("k")).toFuture();
        begin.arrive().fail();
        assertThat(server.isFree("k")).as("quarantined").isFalse();

        writes.answer(0, "new");

        assertThat(writing).isCompletedWithValue("new");
        assertThat(server.isFree("k")).isTrue();
        assertPending(0);
    }

    @Test
    void anInvalidationThatIsPendingWhenAWriteEndsKeepsItsValueOut() {
        // given a write that has reached the source, and a newer change that did not reach the tier
        CompletableFuture<String> writing =
                cache.writeThrough("k", writes.apply("k")).toFuture();
        tier.fail(Op.INVALIDATE);
        StepVerifier.create(cache.invalidate("k")).verifyError(RemoteTierException.class);

        // when the write ends
        writes.answer(0, "older");

        // then
        assertThat(writing).isCompletedWithValue("older");
        assertPending(0);
        StepVerifier.create(cache.get("k")).verifyComplete();
        StepVerifier.create(other.get("k")).verifyComplete();
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void aWriteThatTheTierWasToldOfIsUncertainIfItsEndWasNot() {
        tier.fail(Op.END_WRITE);

        StepVerifier.create(cache.writeThrough("k", Mono.just("new"))).verifyError(UncertainWriteException.class);

        assertPending(1);
    }

    @Test
    void byDefaultTheSourceIsNotTouched() {
        unreachable();
        ReactiveCache<String, String> strict = ReactiveCache.<String, String>builder("strict")
                .key(KeyCodec.ofString())
                .value(new PickyCodec())
                .remote(tier)
                .timer(timer)
                .build();

        StepVerifier.create(strict.writeThrough("k", writes.apply("k"))).verifyError(RemoteTierException.class);

        assertThat(writes.loads()).isZero();
        timer.advanceTimeBy(LONG);
        assertThat(tier.sent(Op.INVALIDATE)).isZero();
    }
}
