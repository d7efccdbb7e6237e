package dev.reactivecache.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheHealth.Status;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.codec.ValueCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.remote.RemoteTierException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class ChaosRemoteTierTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(time);
    private final ChaosRemoteTier tier = ChaosRemoteTier.around(server.connect(), time);
    private final LoadProbe<String, String> loader = LoadProbe.of(key -> Mono.just("loaded"));
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("chaos")
            .key(KeyCodec.ofString())
            .value(ValueCodec.ofString())
            .remote(tier)
            .timer(time)
            .loader(loader)
            .build();

    @Test
    void withoutTroubleItIsTheTierBehindIt() {
        cache.getOrFetch("k").block();

        assertThat(server.stored("k")).isEqualTo("loaded");
        assertThat(tier.troubled()).isZero();
    }

    @Test
    void failingTierIsAMissOfReadsAndAnErrorOfChanges() {
        cache.put("k", "stored").block();
        tier.fail();

        StepVerifier.create(cache.getOrFetch("other")).expectNext("loaded").verifyComplete();
        StepVerifier.create(cache.invalidate("k")).verifyError(RemoteTierException.class);

        assertThat(cache.health().status()).isEqualTo(Status.DISCONNECTED);
        assertThat(tier.troubled()).isPositive();
    }

    @Test
    void lateTierAnswersAfterItsDelay() {
        cache.put("other", "v").block(); // so that nothing else is asked for
        tier.delay(Duration.ofSeconds(2));
        CompletableFuture<Void> put = cache.put("k", "v").toFuture();

        time.advanceTimeBy(Duration.ofMillis(1_999));
        assertThat(put).isNotDone();
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(put).isCompleted();
        assertThat(server.stored("k")).isEqualTo("v");
    }

    @Test
    void silentTierDoesItsWorkAndErrsAfterItsTimeout() {
        cache.put("k", "v").block();
        tier.hang(Duration.ofSeconds(1));
        CompletableFuture<Void> gone = cache.invalidate("k").toFuture();
        assertThat(server.stored("k")).as("done").isNull();
        assertThat(gone).as("not answered").isNotDone();

        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(gone).isCompletedExceptionally();
    }

    @Test
    void healedTierWorks() {
        tier.fail();
        cache.getOrFetch("k").block();
        tier.heal();

        cache.put("k", "v").block();

        assertThat(cache.lookup("k").block().value()).isEqualTo("v");
        assertThat(cache.lookup("k").block().origin()).isNotEqualTo(Origin.LOADER);
        assertThat(loader.loads("k")).isEqualTo(1);
        assertThat(loader.loads("never")).isZero();
    }

    @Test
    void probeTellsWhatRunsAndWhatWasCancelled() {
        LoadProbe<String, String> slow = LoadProbe.of(key -> Mono.never());
        var caller = cache.getOrFetch("slow", slow).subscribe();
        assertThat(slow.running()).isEqualTo(1);

        caller.dispose();

        assertThat(slow.running()).isZero();
        assertThat(slow.cancelled()).isEqualTo(1);
        assertThat(slow.loads()).isEqualTo(1);
    }
}
