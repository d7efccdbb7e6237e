package dev.reactivecache.internal.refresh;

import dev.reactivecache.Cached;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.fake.FakeServer;
import dev.reactivecache.fake.FakeTier;
import dev.reactivecache.fake.HeldSource;
import dev.reactivecache.fake.PickyCodec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A cache whose values live for ten seconds, with windows, a source that the test answers for, and virtual time. */
final class StaleNode {
    static final Duration TTL = Duration.ofSeconds(10);
    static final Duration REVALIDATE = Duration.ofSeconds(20);
    static final Duration ERROR = Duration.ofSeconds(60);
    static final Duration REST = Duration.ofSeconds(4);

    final VirtualTimeScheduler timer;
    final HeldSource source = new HeldSource();
    final @Nullable FakeTier tier;
    final ReactiveCache<String, String> cache;

    private StaleNode(
            VirtualTimeScheduler timer,
            @Nullable FakeServer server,
            UnaryOperator<ReactiveCacheBuilder<String, String>> more) {
        this.timer = timer;
        this.tier = server == null ? null : server.connect();
        ReactiveCacheBuilder<String, String> builder = ReactiveCache.<String, String>builder("stale")
                .key(KeyCodec.ofString())
                .value(new PickyCodec())
                .timer(timer)
                .jitter(0)
                .ttl(TTL)
                .staleWhileRevalidate(REVALIDATE)
                .staleIfError(ERROR)
                .refreshBackoff(REST, REST.multipliedBy(4))
                .loadTimeout(Duration.ofSeconds(9));
        if (tier != null) {
            builder.remote(tier);
        }
        this.cache = more.apply(builder).build();
    }

    static StaleNode inMemory(UnaryOperator<ReactiveCacheBuilder<String, String>> more) {
        return new StaleNode(VirtualTimeScheduler.create(), null, more);
    }

    static StaleNode on(
            FakeServer server, VirtualTimeScheduler timer, UnaryOperator<ReactiveCacheBuilder<String, String>> more) {
        return new StaleNode(timer, server, more);
    }

    /** Where the tests of both run. */
    enum Where {
        IN_MEMORY,
        WITH_A_TIER;

        StaleNode node(UnaryOperator<ReactiveCacheBuilder<String, String>> more) {
            if (this == IN_MEMORY) {
                return inMemory(more);
            }
            VirtualTimeScheduler timer = VirtualTimeScheduler.create();
            return on(new FakeServer(timer), timer, more);
        }

        StaleNode node() {
            return node(builder -> builder);
        }
    }

    /** Has a value in every tier, whose time to live ended so long ago. */
    StaleNode holding(String value, Duration staleFor) {
        cache.getOrFetch("k", Mono.just(value)).block();
        advance(TTL.plus(staleFor));
        return this;
    }

    void advance(Duration time) {
        timer.advanceTimeBy(time);
    }

    CompletableFuture<String> read() {
        return cache.getOrFetch("k", source).toFuture();
    }

    CompletableFuture<Cached<String>> lookup() {
        return cache.lookup("k", source).toFuture();
    }
}
