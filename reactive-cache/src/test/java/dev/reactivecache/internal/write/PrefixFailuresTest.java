package dev.reactivecache.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.FakeTier.Held;
import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.fake.PickyCodec;
import dev.reactivecache.remote.RemoteTierException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Exceptions;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What the caller of {@code invalidatePrefix} hears when parts of it fail: one error, which says how far it got. */
class PrefixFailuresTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final FakeServer server = new FakeServer(timer);
    private final FakeTier tier = server.connect();
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("prefixes")
            .key(KeyCodec.ofString())
            .value(new PickyCodec())
            .timer(timer)
            .remote(tier)
            .build();

    @BeforeEach
    void storeFiveKeys() {
        for (int i = 1; i <= 5; i++) {
            cache.put("a:" + i, "v").block();
        }
        tier.forget();
    }

    private static void isOneError(Throwable failure) {
        assertThat(failure).isExactlyInstanceOf(RemoteTierException.class).hasNoSuppressedExceptions();
        assertThat(failure.getCause()).isInstanceOf(RemoteTierException.class);
        assertThat(Exceptions.isMultiple(failure.getCause())).isFalse();
    }

    @Test
    void keysThatFailAreOneErrorAndTheOthersAreInvalidated() {
        List<Held> held =
                IntStream.range(0, 3).mapToObj(each -> tier.hold(Op.INVALIDATE)).toList();

        StepVerifier.create(cache.invalidatePrefix("a:"))
                .then(() -> held.forEach(Held::fail))
                .expectErrorSatisfies(failure -> {
                    isOneError(failure);
                    assertThat(failure)
                            .hasMessageStartingWith("cache 'prefixes': keys that begin with 'a:': 2 invalidated; "
                                    + "3 not acknowledged, the first: cache 'prefixes': the invalidation of key a:")
                            .hasMessageEndingWith(" is kept, and sent again until it is acknowledged; timed out");
                })
                .verifyThenAssertThat()
                .hasNotDroppedErrors();

        assertThat(cache.health().recovery().pending()).isEqualTo(3);
        assertThat(tier.sent(Op.INVALIDATE)).isEqualTo(5);
    }

    @Test
    void aSearchThatFailsIsOneErrorAfterWhatItHadFoundWasInvalidated() {
        server.failSearchAfter(2);
        Held held = tier.hold(Op.INVALIDATE);

        StepVerifier.create(cache.invalidatingPrefix("a:"))
                .expectNext(0L)
                .then(held::fail)
                .expectNext(1L)
                .expectErrorSatisfies(failure -> {
                    isOneError(failure);
                    assertThat(failure)
                            .hasMessageStartingWith("cache 'prefixes': keys that begin with 'a:': 1 invalidated; "
                                    + "1 not acknowledged, the first: cache 'prefixes': the invalidation of key a:")
                            .hasMessageEndingWith(
                                    "; not all were found, ask again for those that were not: " + "the search failed");
                })
                .verifyThenAssertThat()
                .hasNotDroppedErrors();
    }

    @Test
    void aSearchThatFindsNothingBecauseItFailsSaysSo() {
        tier.fail(Op.KEYS);

        StepVerifier.create(cache.invalidatePrefix("a:"))
                .expectErrorSatisfies(failure -> {
                    isOneError(failure);
                    assertThat(failure)
                            .hasMessage("cache 'prefixes': keys that begin with 'a:': 0 invalidated; "
                                    + "not all were found, ask again for those that were not: KEYS failed");
                })
                .verifyThenAssertThat()
                .hasNotDroppedErrors();
    }
}
