package dev.reactivecache.internal.miss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheStats;
import dev.reactivecache.Cached;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.fake.PickyCodec;
import dev.reactivecache.local.LocalTier;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/** Reads through a remote tier when nothing goes wrong: what is asked, what is kept where, and for how long. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD) // what these tests look for is waiting for ever
class RemoteReadTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final ReactiveCache<String, String> cache = builder().remote(tier).build();
    private final HeldSource source = new HeldSource();

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("remote")
                .key(KeyCodec.ofString())
                .value(new PickyCodec())
                .timer(timer)
                .jitter(0)
                .ttl(Duration.ofMinutes(10));
    }

    @Test
    void aColdKeyIsReadLeasedLoadedAndFilledOnceForAllItsCallers() {
        List<CompletableFuture<String>> callers = IntStream.range(0, 1_000)
                .mapToObj(i -> cache.getOrFetch("k", source).toFuture())
                .toList();

        source.answer(0, "v");

        assertThat(callers).allSatisfy(caller -> assertThat(caller).isCompletedWithValue("v"));
        assertThat(source.loads()).as("loads").isEqualTo(1);
        assertThat(tier.sent()).containsExactly(Op.READ, Op.LEASE, Op.FILL);
        assertThat(server.stored("k")).isEqualTo("v");
    }

    @Test
    void whatIsInMemoryIsAnsweredWithoutAsking() {
        cache.getOrFetch("k", Mono.just("v")).block();
        tier.forget();

        StepVerifier.create(cache.getOrFetch("k", source)).expectNext("v").verifyComplete();

        assertThat(tier.sent()).isEmpty();
    }

    @Test
    void whatOneNodeLoadedAnotherReadsWithoutALoad() {
        cache.getOrFetch("k", Mono.just("v")).block();
        FakeTier otherTier = server.connect();
        ReactiveCache<String, String> other = builder().remote(otherTier).build();

        StepVerifier.create(other.getOrFetch("k", source)).expectNext("v").verifyComplete();
        StepVerifier.create(other.getOrFetch("k", source))
                .as("copied to memory")
                .expectNext("v")
                .verifyComplete();

        assertThat(otherTier.sent()).containsExactly(Op.READ);
        assertThat(source.loads()).isZero();
        assertThat(other.stats().remoteHits()).isEqualTo(1);
        assertThat(other.stats().localHits()).isEqualTo(1);
    }

    @Test
    void theLifeLeftInTheRemoteTierBoundsTheLocalCopy() {
        server.storeSilently("k", "v", Duration.ofSeconds(12));
        timer.advanceTimeBy(Duration.ofSeconds(2));
        StepVerifier.create(cache.getOrFetch("k", source)).expectNext("v").verifyComplete();

        timer.advanceTimeBy(Duration.ofSeconds(10).minusNanos(1));
        StepVerifier.create(cache.getOrFetch("k", source)).expectNext("v").verifyComplete();
        timer.advanceTimeBy(Duration.ofNanos(1));

        CompletableFuture<String> expired = cache.getOrFetch("k", source).toFuture();
        assertThat(source.loads()).isEqualTo(1);
        source.answer(0, "new");
        assertThat(expired).isCompletedWithValue("new");
    }

    @Test
    void theLifeOfACopyCountsFromWhenItWasAskedForNotFromTheReply() {
        server.storeSilently("k", "v", Duration.ofSeconds(10));
        Held read = tier.hold(Op.READ);
        CompletableFuture<Cached<String>> slow = cache.lookup("k", source).toFuture();
        read.arrive();
        timer.advanceTimeBy(Duration.ofSeconds(4));

        read.reply();

        assertThat(slow)
                .isCompletedWithValue(new Cached<>("v", Origin.REMOTE, Duration.ofSeconds(4), Duration.ofSeconds(6)));
    }

    @Test
    void memoryKeepsCopiesForThirtySecondsUnlessToldOtherwise() {
        cache.getOrFetch("k", Mono.just("v")).block();
        tier.forget();

        timer.advanceTimeBy(Duration.ofSeconds(30).minusNanos(1));
        cache.get("k").block();
        assertThat(tier.sent()).isEmpty();
        timer.advanceTimeBy(Duration.ofNanos(1));

        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();
        assertThat(tier.sent()).containsExactly(Op.READ);
    }

    @Test
    void theLocalTtlIsApartFromTheRemoteOne() {
        ReactiveCache<String, String> brief = builder()
                .remote(server.connect())
                .local(LocalTier.<String, String>maximumSize(10).withTtl(Duration.ofSeconds(3)))
                .build();

        StepVerifier.create(brief.lookup("k", key -> Mono.just("v")))
                .expectNext(new Cached<>("v", Origin.LOADER, Duration.ZERO, Duration.ofSeconds(3)))
                .verifyComplete();

        assertThat(server.remaining("k")).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aLookupTellsThatTheRemoteTierAnsweredAndTheAgeThere() {
        server.storeSilently("k", "v", Duration.ofSeconds(20));
        timer.advanceTimeBy(Duration.ofSeconds(5));

        StepVerifier.create(cache.lookup("k", source))
                .expectNext(new Cached<>("v", Origin.REMOTE, Duration.ofSeconds(5), Duration.ofSeconds(15)))
                .verifyComplete();
        timer.advanceTimeBy(Duration.ofSeconds(1));
        StepVerifier.create(cache.lookup("k", source))
                .expectNext(new Cached<>("v", Origin.LOCAL, Duration.ofSeconds(6), Duration.ofSeconds(14)))
                .verifyComplete();
    }

    @Test
    void knownAbsenceIsSharedWithOtherNodes() {
        builder()
                .remote(server.connect())
                .absentTtl(Duration.ofMinutes(1))
                .build()
                .getOrFetch("k", Mono.empty())
                .block();

        StepVerifier.create(cache.getOrFetch("k", source)).verifyComplete();

        assertThat(source.loads()).isZero();
        assertThat(cache.stats().remoteHits()).isEqualTo(1);
    }

    @Test
    void absenceIsStoredNowhereWithoutAbsentTtl() {
        StepVerifier.create(cache.getOrFetch("k", Mono.empty())).verifyComplete();

        assertThat(server.isFree("k")).as("the lease is given back, too").isTrue();
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void getReadsTheRemoteTierAndFillsMemory() {
        server.storeSilently("k", "v", Duration.ofMinutes(1));

        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();
        StepVerifier.create(cache.get("k")).expectNext("v").verifyComplete();

        assertThat(tier.sent()).containsExactly(Op.READ);
    }

    @Test
    void getTakesNoLeaseOnAMiss() {
        StepVerifier.create(cache.get("k")).verifyComplete();

        assertThat(tier.sent()).containsExactly(Op.READ);
        assertThat(server.isFree("k")).isTrue();
    }

    @Test
    void getDoesNotWaitForALoadOfOthersButAsksTheRemoteTier() {
        CompletableFuture<String> loading = cache.getOrFetch("k", source).toFuture();

        StepVerifier.create(cache.get("k")).verifyComplete();

        assertThat(loading).isNotDone();
        assertThat(tier.sent(Op.READ)).isEqualTo(2);
    }

    @Test
    void aReadThatJoinedAGetLoadsWhenTheRemoteTierHasNothing() {
        Held read = tier.hold(Op.READ);
        CompletableFuture<String> getting = cache.get("k").toFuture();
        CompletableFuture<String> loading = cache.getOrFetch("k", source).toFuture();
        assertThat(source.loads()).as("loads before the reply").isZero();

        read.arrive().reply();
        source.answer(0, "v");

        assertThat(getting).isCompletedWithValue(null);
        assertThat(loading).isCompletedWithValue("v");
    }

    @Test
    void everyReadIsCountedOnceAlsoWhenReadsShareAFlightThatFindsNothing() {
        Held read = tier.hold(Op.READ);
        cache.get("k").toFuture();
        cache.get("k").toFuture();
        cache.getOrFetch("k", source).toFuture();
        cache.getOrFetch("k", source).toFuture();
        read.arrive().reply();
        source.answer(0, "v");

        CacheStats stats = cache.stats();

        assertThat(stats.localHits() + stats.remoteHits() + stats.misses() + stats.coalesced())
                .as("all reads: %s", stats)
                .isEqualTo(4);
    }

    @Test
    void aValueWhoseCodecThrowsAnErrorIsAMiss() {
        server.storeSilently("k", "v", Duration.ofMinutes(1));
        FakeTier brokenTier = server.connect();
        ReactiveCache<String, String> broken = builder()
                .remote(brokenTier)
                .value(new ValueCodec<>() {
                    @Override
                    public byte[] encode(String value) {
                        return value.getBytes(StandardCharsets.UTF_8);
                    }

                    @Override
                    public String decode(ByteBuffer payload) {
                        throw new NoClassDefFoundError("a class of the codec's");
                    }
                })
                .build();
        Held read = brokenTier.hold(Op.READ);
        CompletableFuture<String> first = broken.get("k").toFuture();
        read.arrive().reply();

        CompletableFuture<String> second = broken.get("k").toFuture();

        CompletableFuture<String> loaded =
                broken.getOrFetch("k", key -> Mono.just("new")).toFuture();

        assertThat(List.of(first, second)).allSatisfy(empty -> assertThat(empty).isCompletedWithValue(null));
        assertThat(loaded).isCompletedWithValue("new");
    }

    @Test
    void aReadThatJoinedAGetWhichEndsAtThatMomentStillCancelsItsOwnLoad() {
        Held read = tier.hold(Op.READ);
        cache.get("k").toFuture();
        read.arrive();
        Subscription[] given = new Subscription[1];
        AtomicBoolean replied = new AtomicBoolean();
        cache.getOrFetch("k", source).subscribe(new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                given[0] = subscription;
                subscription.request(1);
            }

            @Override
            public Context currentContext() {
                if (replied.compareAndSet(false, true)) {
                    read.reply(); // between the look for a flight and the boarding of it
                }
                return Context.empty();
            }

            @Override
            public void onNext(String value) {}

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {}
        });
        assertThat(source.loads()).isEqualTo(1);

        given[0].cancel();

        assertThat(source.cancelled()).as("cancelled loads").isEqualTo(1);
    }
}
