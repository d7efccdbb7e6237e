package dev.reactivecache.testing;

import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.Spread;
import dev.reactivecache.remote.Windows;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A region whose operations have the troubles of its tier. */
final class ChaosRegion implements RemoteRegion {
    private final RemoteRegion region;
    private final ChaosRemoteTier tier;

    ChaosRegion(RemoteRegion region, ChaosRemoteTier tier) {
        this.region = region;
        this.tier = tier;
    }

    @Override
    public Epoch epoch(String key) {
        return region.epoch(key);
    }

    @Override
    public Mono<RemoteState> read(String key) {
        return tier.troubled(region.read(key));
    }

    @Override
    public Mono<RemoteState> inspect(String key) {
        return tier.troubled(region.inspect(key));
    }

    @Override
    public Mono<RemoteState> lease(String key, long token, Duration lease, long unreadable) {
        return tier.troubled(region.lease(key, token, lease, unreadable));
    }

    @Override
    public Mono<RemoteState> refresh(String key, long token, Duration lease, long stamp, Duration within) {
        return tier.troubled(region.refresh(key, token, lease, stamp, within));
    }

    @Override
    public Mono<Boolean> renew(String key, long token, Duration lease) {
        return tier.troubled(region.renew(key, token, lease));
    }

    @Override
    public Mono<Long> fill(String key, long token, NewValue value) {
        return tier.troubled(region.fill(key, token, value));
    }

    @Override
    public Mono<Boolean> extend(String key, long token, long stamp, Duration ttl, Windows windows, Duration loadTime) {
        return tier.troubled(region.extend(key, token, stamp, ttl, windows, loadTime));
    }

    @Override
    public Mono<Void> release(String key, long token) {
        return tier.troubled(region.release(key, token));
    }

    @Override
    public Mono<Duration> rest(String key, long token, Duration first, Duration longest) {
        return tier.troubled(region.rest(key, token, first, longest));
    }

    @Override
    public Mono<Void> remove(String key, long token) {
        return tier.troubled(region.remove(key, token));
    }

    @Override
    public Mono<Void> invalidate(String key) {
        return tier.troubled(region.invalidate(key));
    }

    @Override
    public Mono<Void> beginWrite(String key, long token, Duration quarantine) {
        return tier.troubled(region.beginWrite(key, token, quarantine));
    }

    @Override
    public Mono<Void> endWrite(String key, long token, @Nullable NewValue value) {
        return tier.troubled(region.endWrite(key, token, value));
    }

    @Override
    public Mono<Void> put(String key, NewValue value) {
        return tier.troubled(region.put(key, value));
    }

    @Override
    public Flux<Spread> spread(String key) {
        return tier.troubled(region.spread(key));
    }

    @Override
    public Epoch generationEpoch() {
        return region.generationEpoch();
    }

    @Override
    public Mono<Generation> generation(Collection<String> tags) {
        return tier.troubled(region.generation(tags));
    }

    @Override
    public Mono<Void> endGeneration(@Nullable String tag) {
        return tier.troubled(region.endGeneration(tag));
    }

    @Override
    public Flux<Spread> spreadOfGeneration(@Nullable String tag) {
        return tier.troubled(region.spreadOfGeneration(tag));
    }

    @Override
    public Flux<String> keys(String prefix) {
        return tier.troubled(region.keys(prefix));
    }

    @Override
    public void close() {
        region.close();
    }
}
