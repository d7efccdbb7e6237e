package dev.reactivecache.internal.write;

import static dev.reactivecache.fake.Failures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.EntryOptions;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.UncertainWriteException;
import dev.reactivecache.codec.CodecException;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.fake.PickyCodec;
import dev.reactivecache.remote.RemoteTierException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** G6: writes through a remote tier, by one node and by several, with failures at each step. */
class RemoteWriteTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final ReactiveCache<String, String> cache = builder().remote(tier).build();
    private final ReactiveCache<String, String> other =
            builder().remote(server.connect()).build();
    private final HeldSource writes = new HeldSource();

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("writes")
                .key(KeyCodec.ofString())
                .value(new PickyCodec())
                .timer(timer)
                .jitter(0)
                .quarantine(Duration.ofSeconds(5));
    }

    @Test
    void theWrittenValueIsReadByAllNodes() {
        other.getOrFetch("k", Mono.just("old")).block();
        cache.getOrFetch("k", Mono.just("unused")).block();

        StepVerifier.create(cache.writeThrough("k", Mono.just("new")))
                .expectNext("new")
                .verifyComplete();

        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
        StepVerifier.create(other.get("k")).expectNext("new").verifyComplete();
    }

    @Test
    void nothingFromBeforeTheWriteIsReadAfterItAlsoWithoutEvents() {
        cache.getOrFetch("k", Mono.just("old")).block();
        tier.holdEvents();
        CompletableFuture<String> writing =
                cache.writeThrough("k", writes.apply("k")).toFuture();
        StepVerifier.create(cache.getOrFetch("k", Mono.just("old")))
                .as("meanwhile")
                .expectNext("old")
                .verifyComplete();

        writes.answer(0, "new");

        assertThat(writing).isCompletedWithValue("new");
        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
    }

    @Test
    void aLoadFromBeforeTheWriteIsRefused() {
        HeldSource source = new HeldSource();
        CompletableFuture<String> loading = other.getOrFetch("k", source).toFuture();

        cache.writeThrough("k", Mono.just("new")).block();
        source.answer(0, "old");

        assertThat(loading).isCompletedWithValue("old");
        assertThat(server.stored("k")).isEqualTo("new");
        StepVerifier.create(other.get("k")).expectNext("new").verifyComplete();
    }

    @Test
    void overlappingWritersOnTwoNodesLeaveTheKeyAbsent() {
        CompletableFuture<String> mine =
                cache.writeThrough("k", writes.apply("k")).toFuture();
        CompletableFuture<String> theirs =
                other.writeThrough("k", writes.apply("k")).toFuture();

        writes.answer(1, "newer");
        writes.answer(0, "older");

        assertThat(mine).isCompletedWithValue("older");
        assertThat(theirs).isCompletedWithValue("newer");
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void aPutDuringAnotherNodesWriteLeavesTheKeyAbsent() {
        other.writeThrough("k", writes.apply("k")).toFuture();

        cache.put("k", "put").block();
        writes.answer(0, "written");

        assertThat(server.isFree("k")).isTrue();
        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test // R23
    void aWriteThatOutlivesItsQuarantineLeavesTheKeyAbsent() {
        CompletableFuture<String> slow =
                cache.writeThrough("k", writes.apply("k")).toFuture();
        timer.advanceTimeBy(Duration.ofSeconds(5));
        other.getOrFetch("k", Mono.just("old")).block();

        writes.answer(0, "new");

        assertThat(slow).isCompletedWithValue("new");
        assertThat(server.isFree("k")).isTrue();
        StepVerifier.create(other.get("k")).verifyComplete();
    }

    @Test
    void theWriteIsNotBegunWhenTheRemoteTierCannotBeTold() {
        tier.fail(Op.BEGIN_WRITE);

        for (Mono<?> write :
                List.of(cache.writeThrough("k", writes.apply("k")), cache.deleteThrough("k", writes.apply("k")))) {
            StepVerifier.create(write)
                    .verifyErrorSatisfies(failure -> assertThat(failure)
                            .isInstanceOf(RemoteTierException.class)
                            .hasMessage("cache 'writes': the write of key k is refused, and its source was not asked, "
                                    + "because the remote tier could not be told; BEGIN_WRITE failed")
                            .hasRootCauseMessage("BEGIN_WRITE failed"));
        }

        assertThat(writes.loads()).as("writes").isZero();
    }

    @Test
    void aQuarantineThatMayHaveBegunIsEndedWhenItsReplyIsLost() {
        Held begin = tier.hold(Op.BEGIN_WRITE);
        CompletableFuture<String> writing =
                cache.writeThrough("k", writes.apply("k")).toFuture();

        begin.arrive().fail();

        assertThat(failureOf(writing)).isInstanceOf(RemoteTierException.class);
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void theErrorOfTheWriteIsHandedOnAndTheQuarantineEnded() {
        IllegalStateException refused = new IllegalStateException("refused");

        StepVerifier.create(cache.writeThrough("k", Mono.error(refused)))
                .verifyErrorSatisfies(failure -> assertThat(failure).isSameAs(refused));

        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void theErrorOfTheWriteIsHandedOnAlsoWhenTheQuarantineCannotBeEnded() {
        tier.fail(Op.END_WRITE);
        IllegalStateException refused = new IllegalStateException("refused");

        StepVerifier.create(cache.writeThrough("k", Mono.error(refused)))
                .verifyErrorSatisfies(failure -> assertThat(failure).isSameAs(refused));

        assertThat(cache.stats().remoteFailures()).isEqualTo(1);
    }

    @Test
    void aSuccessfulWriteWhoseEndIsNotAcknowledgedIsUncertain() {
        tier.fail(Op.END_WRITE);

        StepVerifier.create(cache.writeThrough("k", Mono.just("new")))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(UncertainWriteException.class)
                        .hasCauseInstanceOf(RemoteTierException.class)
                        .hasMessageContaining("'writes'")
                        .hasMessageContaining("key k"));
        StepVerifier.create(cache.deleteThrough("k", Mono.empty())).verifyError(UncertainWriteException.class);
    }

    @Test
    void cancellingCancelsTheWriteAndEndsTheQuarantine() {
        CompletableFuture<String> writing =
                cache.writeThrough("k", writes.apply("k")).toFuture();

        writing.cancel(true);

        assertThat(writes.cancelled()).isEqualTo(1);
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void aSubscriberThatCancelsOnceItHasTheValueLeavesItInTheCache() {
        StepVerifier.create(cache.writeThrough("k", Mono.just("new")).flux().next())
                .expectNext("new")
                .verifyComplete();

        assertThat(server.stored("k")).isEqualTo("new");
        assertThat(tier.sent(Op.END_WRITE)).isEqualTo(1);
    }

    @Test
    void cancellingWhileTheQuarantineBeginsEndsIt() {
        Held begin = tier.hold(Op.BEGIN_WRITE);
        CompletableFuture<String> writing =
                cache.writeThrough("k", writes.apply("k")).toFuture();
        begin.arrive();

        writing.cancel(true);

        assertThat(writes.loads()).isZero();
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void aWriteThatEmitsNothingAndADeleteLeaveTheKeyAbsent() {
        cache.put("k", "old").block();
        StepVerifier.create(cache.writeThrough("k", Mono.empty())).verifyComplete();
        assertThat(server.isFree("k")).isTrue();

        cache.put("k", "old").block();
        StepVerifier.create(cache.deleteThrough("k", Mono.just(1))).verifyComplete();
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void aWrittenValueThatCannotBeEncodedIsHandedOnAndTheKeyLeftAbsent() {
        cache.put("k", "old").block();

        StepVerifier.create(cache.writeThrough("k", Mono.just("unwritable")))
                .expectNext("unwritable")
                .verifyComplete();

        assertThat(server.isFree("k")).isTrue();
        assertThat(cache.stats().unwritable()).isEqualTo(1);
    }

    @Test
    void aPutValueThatCannotBeEncodedIsAnErrorAndChangesNothing() {
        cache.put("k", "old").block();

        StepVerifier.create(cache.put("k", "unwritable")).verifyError(CodecException.class);

        assertThat(server.stored("k")).isEqualTo("old");
    }

    @Test
    void aCodecThatReturnsNullDoesNotMakeAValueKnownAbsence() {
        StepVerifier.create(cache.put("k", "null")).verifyError(NullPointerException.class);
        assertThat(server.isFree("k")).isTrue();

        StepVerifier.create(cache.writeThrough("k", Mono.just("null")))
                .expectNext("null")
                .verifyComplete();
        assertThat(server.isFree("k")).isTrue();
        StepVerifier.create(cache.getOrFetch("k", Mono.just("null")))
                .expectNext("null")
                .verifyComplete();
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void aPutErrorsWhenItIsNotAcknowledgedAndTheCopyInMemoryIsGone() {
        cache.getOrFetch("k", Mono.just("old")).block();
        tier.fail(Op.PUT).forget();

        StepVerifier.create(cache.put("k", "new"))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(RemoteTierException.class)
                        .hasMessage(
                                "cache 'writes': the invalidation of key k is kept, and sent again until it is acknowledged;"
                                        + " PUT failed"));

        StepVerifier.create(cache.get("k")).verifyComplete();
    }

    @Test
    void anEntryMayHaveATtlOfItsOwn() {
        cache.put("k", "v", EntryOptions.defaults().withTtl(Duration.ofSeconds(7)))
                .block();

        assertThat(server.remaining("k")).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void invalidatingManyKeysTriesAllAndErrorsWithTheFirstFailure() {
        tier.fail(Op.INVALIDATE);

        StepVerifier.create(cache.invalidateAll(List.of("a", "b", "c"))).verifyErrorSatisfies(failure -> {
            assertThat(failure).isInstanceOf(RemoteTierException.class);
            assertThat(failure.getSuppressed()).hasSize(2);
        });

        assertThat(tier.sent(Op.INVALIDATE)).isEqualTo(3);
    }

    @Test
    void aReadThatBeganBetweenTheSendingOfAPutAndItsReplyIsNotReadAfterIt() {
        cache.put("k", "old").block();
        tier.holdEvents();
        Held put = tier.hold(Op.PUT);
        CompletableFuture<Void> putting = cache.put("k", "new").toFuture();
        StepVerifier.create(cache.get("k"))
                .as("before Redis knows")
                .expectNext("old")
                .verifyComplete();

        put.arrive().reply();

        assertThat(putting).isCompletedWithValue(null);
        StepVerifier.create(cache.get("k")).expectNext("new").verifyComplete();
    }
}
