package dev.reactivecache.internal.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheMode;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.HeldSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What a read asks the remote tier, while that answers some questions and not others. */
class AskedAlongTest {
    private final FakeServer server = new FakeServer(VirtualTimeScheduler.create());
    private final FakeTier tier = server.connect();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("along")
            .key(KeyCodec.ofString())
            .value(ValueCodec.ofString())
            .mode(CacheMode.REMOTE_ONLY)
            .timer(VirtualTimeScheduler.create())
            .remote(tier)
            .build();

    @ParameterizedTest
    @EnumSource(
            value = Op.class,
            names = {"READ", "GENERATION", "LEASE"})
    void aReadAsksTheTierNothingMoreOnceAQuestionHasNoAnswer(Op silent) {
        Held held = tier.hold(silent);
        CompletableFuture<String> read = cache.getOrFetch("k", Mono.just("v")).toFuture();
        List<Op> asked = questions();
        assertThat(read).as("it waits").isNotDone();

        held.fail();

        assertThat(read).isCompletedWithValue("v");
        assertThat(questions()).isEqualTo(asked);
        assertThat(cache.stats().remoteFailures()).isOne();
    }

    private List<Op> questions() {
        return tier.sent().stream().filter(op -> op != Op.RELEASE).toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = Op.class,
            names = {"READ", "GENERATION"})
    void whatIsThereIsNotAnsweredBeforeBothQuestionsAre(Op later) {
        cache.put("k", "v").block();
        Held held = tier.hold(later);
        CompletableFuture<String> read = cache.get("k").toFuture();
        assertThat(read).isNotDone();

        held.arrive().reply();

        assertThat(read).isCompletedWithValue("v");
    }

    @Test
    void aReaderThatLeftHearsOfNeitherAnswer() {
        HeldSource source = new HeldSource();
        Held read = tier.hold(Op.READ);
        Held generation = tier.hold(Op.GENERATION);
        Disposable reader = cache.getOrFetch("k", source).subscribe();

        reader.dispose();
        generation.arrive().reply();

        assertThat(read.isCancelled()).isTrue();
        assertThat(source.loads()).isZero();
        StepVerifier.create(cache.getOrFetch("k", Mono.just("v")))
                .expectNext("v")
                .verifyComplete();
    }
}
