package dev.reactivecache.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.local.LocalTier;
import dev.reactivecache.remote.RemoteTier;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The local tier holds no more than it was allowed to. */
class LocalBoundsTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();

    private ReactiveCacheBuilder<String, String> builder() {
        return ReactiveCache.<String, String>builder("bounded").timer(timer).jitter(0);
    }

    @Test
    void loadedEntriesStayWithinTheSize() {
        ReactiveCache<String, String> cache =
                builder().local(LocalTier.maximumSize(10)).build();

        for (int i = 0; i < 500; i++) {
            StepVerifier.create(cache.getOrFetch("k" + i, Mono.just("v")))
                    .expectNext("v")
                    .verifyComplete();
        }

        assertThat(cache.stats().localSize()).isLessThanOrEqualTo(10);
    }

    @Test
    void entriesStayWithinTheWeight() {
        ReactiveCache<String, String> cache = builder()
                .local(LocalTier.maximumWeight(100, (String key, String value) -> value.length()))
                .build();

        for (int i = 0; i < 100; i++) {
            cache.put("k" + i, "0123456789").block();
        }

        assertThat(cache.stats().localSize()).as("ten of weight 10").isEqualTo(10);
    }

    @Test
    void aValueHeavierThanAllRoomIsServedButNotKept() {
        ReactiveCache<String, String> cache = builder()
                .local(LocalTier.maximumWeight(100, (String key, String value) -> value.length()))
                .build();

        StepVerifier.create(cache.getOrFetch("k", Mono.just("x".repeat(101))))
                .expectNextCount(1)
                .verifyComplete();

        StepVerifier.create(cache.get("k")).verifyComplete();
        assertThat(cache.stats().evictions()).isEqualTo(1);
    }

    @Test
    void knownAbsenceWeighsOneAndTheWeigherDoesNotSeeIt() {
        ReactiveCache<String, String> cache = builder()
                .absentTtl(Duration.ofMinutes(1))
                .local(LocalTier.maximumWeight(3, (String key, String value) -> value.length()))
                .build();

        for (int i = 0; i < 20; i++) {
            StepVerifier.create(cache.getOrFetch("k" + i, Mono.empty())).verifyComplete();
        }

        assertThat(cache.stats().localSize()).isEqualTo(3);
    }

    @Test
    void aWeigherThatFailsDoesNotFailTheRead() {
        ReactiveCache<String, String> cache = builder()
                .local(LocalTier.<String, String>maximumWeight(100, (key, value) -> {
                    throw new IllegalStateException("broken weigher");
                }))
                .build();

        StepVerifier.create(cache.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();

        StepVerifier.create(cache.get("k")).verifyComplete();
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void encodedBytesAreTheMeasureIfSo() {
        ReactiveCache<String, String> cache = builder()
                .value(ValueCodec.ofString())
                .absentTtl(Duration.ofMinutes(1))
                .local(LocalTier.maximumEncodedSize(1_000))
                .build();

        cache.put("four bytes each", "\ud83d\ude00".repeat(100)).block();
        StepVerifier.create(cache.getOrFetch("absent", Mono.empty())).verifyComplete();
        assertThat(cache.stats().localWeight()).isEqualTo(401);

        for (int i = 0; i < 100; i++) {
            cache.getOrFetch("k" + i, Mono.just("x".repeat(100))).block();
        }
        assertThat(cache.stats().localWeight()).isBetween(900L, 1_000L);
    }

    @Test
    void whatCannotBeMeasuredIsServedAndNotKept() {
        ReactiveCache<String, String> cache = builder()
                .value(counting(new AtomicInteger()))
                .local(LocalTier.maximumEncodedSize(1_000))
                .build();

        assertThat(cache.getOrFetch("k", Mono.just("half a pair \ud83d")).block())
                .startsWith("half");
        assertThat(cache.get("k").block()).isNull();
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void textIsMeasuredThoughItCannotBeEncoded() {
        ReactiveCache<String, String> cache = builder()
                .value(ValueCodec.ofString().limited(10))
                .local(LocalTier.maximumEncodedSize(1_000))
                .build();

        assertThat(cache.getOrFetch("k", Mono.just("half a pair \ud83d")).block())
                .startsWith("half");
        assertThat(cache.get("k").block()).startsWith("half");
        assertThat(cache.stats().localWeight()).isEqualTo(14);
    }

    @Test
    void whatTheRemoteTierHasIsNotEncodedToBeMeasured() {
        AtomicInteger encoded = new AtomicInteger();
        ValueCodec<String> counting = counting(encoded);
        FakeServer server = new FakeServer(timer);
        ReactiveCache<String, String> writer = measured(counting, server.connect());
        ReactiveCache<String, String> reader = measured(counting, server.connect());

        writer.getOrFetch("k", Mono.just("12345")).block();
        assertThat(encoded).as("once, to be stored").hasValue(1);
        assertThat(reader.get("k").block()).isEqualTo("12345");

        assertThat(encoded).hasValue(1);
        assertThat(writer.stats().localWeight()).isEqualTo(5);
        assertThat(reader.stats().localWeight()).isEqualTo(5);
    }

    private ReactiveCache<String, String> measured(ValueCodec<String> codec, RemoteTier tier) {
        return builder()
                .key(KeyCodec.ofString())
                .value(codec)
                .remote(tier)
                .local(LocalTier.maximumEncodedSize(1_000))
                .build();
    }

    private static ValueCodec<String> counting(AtomicInteger encoded) {
        ValueCodec<String> text = ValueCodec.ofString();
        return new ValueCodec<>() {
            @Override
            public byte[] encode(String value) {
                encoded.incrementAndGet();
                return text.encode(value);
            }

            @Override
            public String decode(ByteBuffer payload) {
                return text.decode(payload);
            }
        };
    }

    @Test
    void loadsUnderWayAreNotEvictedForWantOfRoom() {
        HeldSource source = new HeldSource();
        ReactiveCache<String, String> cache =
                builder().local(LocalTier.maximumSize(2)).build();

        List<CompletableFuture<String>> loading = IntStream.range(0, 50)
                .mapToObj(i -> cache.getOrFetch("k" + i, source).toFuture())
                .toList();
        List<CompletableFuture<String>> joined = IntStream.range(0, 50)
                .mapToObj(i -> cache.getOrFetch("k" + i, source).toFuture())
                .toList();

        assertThat(source.loads()).as("still one load per key").isEqualTo(50);
        IntStream.range(0, 50).forEach(i -> source.answer(i, "v" + i));
        assertThat(loading).allSatisfy(load -> assertThat(load).isCompleted());
        assertThat(joined).allSatisfy(load -> assertThat(load).isCompleted());
        assertThat(cache.stats().localSize()).isLessThanOrEqualTo(2);
    }
}
