package dev.reactivecache.internal.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.PickyCodec;
import java.time.Duration;
import java.util.function.UnaryOperator;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Two nodes on one model of a tier; the first one's connection may fail. */
abstract class RecoveryFixture {
    static final Duration LONG = Duration.ofMinutes(1);

    final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    final FakeServer server = new FakeServer(timer);
    final FakeTier tier = server.connect();
    final ReactiveCache<String, String> cache;
    final ReactiveCache<String, String> other;
    private final UnaryOperator<ReactiveCacheBuilder<String, String>> settings;

    RecoveryFixture(UnaryOperator<ReactiveCacheBuilder<String, String>> settings) {
        this.settings = settings;
        this.cache = builder().build();
        this.other = builder().remote(server.connect()).build();
    }

    ReactiveCacheBuilder<String, String> builder() {
        return settings.apply(ReactiveCache.<String, String>builder("recovering")
                .key(KeyCodec.ofString())
                .value(new PickyCodec())
                .remote(tier)
                .timer(timer)
                .jitter(0));
    }

    void assertPending(int keys) {
        assertThat(cache.health().recovery().pending()).as("pending keys").isEqualTo(keys);
    }
}
