package dev.reactivecache.fake;

import dev.reactivecache.fake.FakeTier.Op;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.Spread;
import dev.reactivecache.remote.Windows;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One cache's keys on a {@link FakeServer}, reached through a {@link FakeTier}. */
final class FakeRegion implements RemoteRegion {
    private final FakeTier tier;
    private final FakeServer server;
    private final Runnable onClose;

    FakeRegion(FakeTier tier, FakeServer server, Runnable onClose) {
        this.tier = tier;
        this.server = server;
        this.onClose = onClose;
    }

    @Override
    public Epoch epoch(String key) {
        return tier.epoch();
    }

    @Override
    public Mono<RemoteState> read(String key) {
        return tier.send(Op.READ, () -> server.read(key, true));
    }

    @Override
    public Mono<RemoteState> inspect(String key) {
        return tier.send(Op.INSPECT, () -> server.read(key, false));
    }

    @Override
    public Mono<RemoteState> lease(String key, long token, Duration lease, long unreadable) {
        return tier.send(Op.LEASE, () -> server.lease(key, token, lease, unreadable));
    }

    @Override
    public Mono<RemoteState> refresh(String key, long token, Duration lease, long stamp, Duration within) {
        return tier.send(Op.REFRESH, () -> server.refresh(key, token, lease, stamp, within));
    }

    @Override
    public Mono<Boolean> renew(String key, long token, Duration lease) {
        return tier.send(Op.RENEW, () -> server.renew(key, token, lease));
    }

    @Override
    public Mono<Long> fill(String key, long token, NewValue value) {
        return tier.send(Op.FILL, () -> server.fill(tier, key, token, value));
    }

    @Override
    public Mono<Boolean> extend(String key, long token, long stamp, Duration ttl, Windows windows, Duration loadTime) {
        return tier.send(Op.EXTEND, () -> server.extend(tier, key, token, stamp, ttl, windows, loadTime));
    }

    @Override
    public Mono<Void> release(String key, long token) {
        return tier.send(Op.RELEASE, done(() -> server.release(tier, key, token)));
    }

    @Override
    public Mono<Duration> rest(String key, long token, Duration first, Duration longest) {
        return tier.send(Op.REST, () -> server.rest(tier, key, token, first, longest));
    }

    @Override
    public Mono<Void> remove(String key, long token) {
        return tier.send(Op.REMOVE, done(() -> server.remove(tier, key, token)));
    }

    @Override
    public Mono<Void> invalidate(String key) {
        return tier.send(Op.INVALIDATE, done(() -> server.invalidate(key)));
    }

    @Override
    public Mono<Void> beginWrite(String key, long token, Duration quarantine) {
        return tier.send(Op.BEGIN_WRITE, done(() -> server.beginWrite(key, token, quarantine)));
    }

    @Override
    public Mono<Void> endWrite(String key, long token, @Nullable NewValue value) {
        return tier.send(Op.END_WRITE, done(() -> server.endWrite(key, token, value)));
    }

    @Override
    public Mono<Void> put(String key, NewValue value) {
        return tier.send(Op.PUT, done(() -> server.put(key, value)));
    }

    @Override
    public Flux<Spread> spread(String key) {
        return tier.send(Op.SPREAD, server::askNodes).flatMapMany(answers -> answers);
    }

    @Override
    public Epoch generationEpoch() {
        return tier.epoch();
    }

    @Override
    public Mono<Generation> generation(Collection<String> tags) {
        return tier.send(Op.GENERATION, () -> server.generation(tags));
    }

    @Override
    public Mono<Void> endGeneration(@Nullable String tag) {
        return tier.send(Op.END_GENERATION, done(() -> server.endGeneration(tag)));
    }

    @Override
    public Flux<Spread> spreadOfGeneration(@Nullable String tag) {
        return spread("");
    }

    @Override
    public Flux<String> keys(String prefix) {
        return tier.send(Op.KEYS, () -> server.keys(prefix)).flatMapMany(server::found);
    }

    private static Supplier<Void> done(Runnable work) {
        return () -> {
            work.run();
            return null;
        };
    }

    @Override
    public void close() {
        onClose.run();
    }
}
