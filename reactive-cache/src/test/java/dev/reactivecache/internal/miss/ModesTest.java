package dev.reactivecache.internal.miss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.CacheMode;
import dev.reactivecache.Cached;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.PickyCodec;
import dev.reactivecache.remote.Epoch;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What each {@link CacheMode} answers from memory, and keeps where. */
class ModesTest {
    private static final Op[] EVERY_OP = Op.values();

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final ReactiveCache<String, String> other =
            builder(CacheMode.BOUNDED).remote(server.connect()).build();
    private final AtomicInteger loads = new AtomicInteger();
    private ReactiveCache<String, String> cache;

    private ReactiveCacheBuilder<String, String> builder(CacheMode mode) {
        return ReactiveCache.<String, String>builder("modes")
                .key(KeyCodec.ofString())
                .value(new PickyCodec())
                .mode(mode)
                .timer(timer)
                .jitter(0);
    }

    private void in(CacheMode mode) {
        cache = builder(mode).remote(tier).build();
    }

    private Cached<String> look(String loaded) {
        Mono<String> source = Mono.fromSupplier(() -> {
            loads.incrementAndGet();
            return loaded;
        });
        return cache.lookup("k", key -> source).block();
    }

    private void disconnect() {
        tier.fail(EVERY_OP).gap("lost", Epoch.none());
    }

    private void reconnect() {
        tier.heal().gap("back", Epoch.unbounded());
    }

    @Test
    void validatedComparesEachAnswerAndSeesWhatTheStreamHasNotToldYet() {
        in(CacheMode.VALIDATED);
        look("v1");
        tier.forget();
        assertThat(look("v2").origin()).isEqualTo(Origin.REMOTE);
        assertThat(tier.sent()).containsExactly(Op.INSPECT);

        tier.holdEvents();
        other.put("k", "v3").block();

        assertThat(look("v4").value()).isEqualTo("v3");
        assertThat(loads).hasValue(1);
    }

    @Test
    void validatedNeedsNoLiveStream() {
        in(CacheMode.VALIDATED);
        tier.gap("lost", Epoch.none());
        look("v1");
        tier.forget();

        assertThat(look("v2").value()).isEqualTo("v1");
        assertThat(tier.sent()).containsExactly(Op.INSPECT);
    }

    @Test
    void availableAnswersWhatItHasWhileTheTierIsGoneAndSaysSo() {
        in(CacheMode.AVAILABLE);
        look("v1");
        assertThat(look("v2").origin()).isEqualTo(Origin.LOCAL);

        disconnect();

        for (int i = 0; i < 3; i++) {
            assertThat(look("v2")).satisfies(answer -> {
                assertThat(answer.value()).isEqualTo("v1");
                assertThat(answer.origin()).isEqualTo(Origin.LOCAL_UNCHECKED);
            });
        }
        timer.advanceTimeBy(Duration.ofSeconds(30));
        assertThat(look("v2").value()).as("after the local ttl").isEqualTo("v2");
    }

    @Test
    void availableKeepsWhatItLoadsWhileTheTierIsGone() {
        in(CacheMode.AVAILABLE);
        disconnect();
        assertThat(look("v1").origin()).isEqualTo(Origin.LOADER);

        assertThat(look("v2").origin()).isEqualTo(Origin.LOCAL_UNCHECKED);
    }

    @Test
    void availableComparesWhatItHasOnceTheTierIsBack() {
        in(CacheMode.AVAILABLE);
        look("v1");
        disconnect();
        look("v2");
        other.put("k", "v3").block();

        reconnect();

        assertThat(look("v4").value()).isEqualTo("v3");
    }

    @Test
    void availableStillDropsWhatThisNodeInvalidates() {
        in(CacheMode.AVAILABLE);
        look("v1");
        disconnect();
        cache.invalidate("k").onErrorComplete().block();

        assertThat(look("v2").value()).isEqualTo("v2");
    }

    @Test
    void boundedLoadsWhileTheTierIsGone() {
        in(CacheMode.BOUNDED);
        look("v1");
        disconnect();

        assertThat(look("v2").value()).isEqualTo("v2");
        assertThat(look("v3").value()).isEqualTo("v3");
    }

    @Test
    void remoteOnlyKeepsNothingInMemory() {
        in(CacheMode.REMOTE_ONLY);
        look("v1");
        tier.forget();

        assertThat(look("v2")).satisfies(answer -> {
            assertThat(answer.value()).isEqualTo("v1");
            assertThat(answer.origin()).isEqualTo(Origin.REMOTE);
        });
        assertThat(tier.sent()).containsExactly(Op.READ);
        assertThat(cache.stats().localSize()).isZero();
    }

    @Test
    void localOnlyLeavesNothingInTheTier() {
        in(CacheMode.LOCAL_ONLY);
        look("v1");
        cache.put("put", "v").block();
        cache.writeThrough("written", Mono.just("v")).block();

        assertThat(look("v2").origin()).isEqualTo(Origin.LOCAL);
        assertThat(server.isFree("k")).isTrue();
        assertThat(server.isFree("put")).isTrue();
        assertThat(server.isFree("written")).isTrue();
        assertThat(tier.sent()).containsOnly(Op.INVALIDATE, Op.BEGIN_WRITE, Op.END_WRITE);
    }

    @Test
    void localOnlyHearsOfInvalidationsByOthers() {
        in(CacheMode.LOCAL_ONLY);
        look("v1");

        other.invalidate("k").block();

        assertThat(look("v2").value()).isEqualTo("v2");
    }

    @Test
    void localOnlyKeepsNothingItMayNotHearOf() {
        in(CacheMode.LOCAL_ONLY);
        tier.gap("lost", Epoch.none());
        look("v1");

        assertThat(look("v2").value()).isEqualTo("v2");
    }

    @ParameterizedTest
    @EnumSource(names = "BOUNDED", mode = EnumSource.Mode.EXCLUDE)
    void aModeWithoutARemoteTierIsRefused(CacheMode mode) {
        assertThatThrownBy(() -> builder(mode).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("mode (" + mode + ") of cache 'modes' needs a remote tier");
    }
}
