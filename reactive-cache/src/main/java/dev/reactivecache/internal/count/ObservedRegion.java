package dev.reactivecache.internal.count;

import dev.reactivecache.observe.RemoteOperation;
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

/** A region whose calls are told to the observers. */
public final class ObservedRegion implements RemoteRegion {
    private final RemoteRegion region;
    private final Observers observers;

    public ObservedRegion(RemoteRegion region, Observers observers) {
        this.region = region;
        this.observers = observers;
    }

    @Override
    public Epoch epoch(String key) {
        return region.epoch(key);
    }

    @Override
    public Mono<RemoteState> read(String key) {
        return observers.remote(RemoteOperation.READ, region.read(key));
    }

    @Override
    public Mono<RemoteState> inspect(String key) {
        return observers.remote(RemoteOperation.INSPECT, region.inspect(key));
    }

    @Override
    public Mono<RemoteState> lease(String key, long token, Duration lease, long unreadable) {
        return observers.remote(RemoteOperation.LEASE, region.lease(key, token, lease, unreadable));
    }

    @Override
    public Mono<RemoteState> refresh(String key, long token, Duration lease, long stamp, Duration within) {
        return observers.remote(RemoteOperation.REFRESH, region.refresh(key, token, lease, stamp, within));
    }

    @Override
    public Mono<Boolean> renew(String key, long token, Duration lease) {
        return observers.remote(RemoteOperation.RENEW, region.renew(key, token, lease));
    }

    @Override
    public Mono<Long> fill(String key, long token, NewValue value) {
        return observers.remote(RemoteOperation.FILL, region.fill(key, token, value));
    }

    @Override
    public Mono<Boolean> extend(String key, long token, long stamp, Duration ttl, Windows windows, Duration loadTime) {
        return observers.remote(RemoteOperation.EXTEND, region.extend(key, token, stamp, ttl, windows, loadTime));
    }

    @Override
    public Mono<Void> release(String key, long token) {
        return observers.remote(RemoteOperation.RELEASE, region.release(key, token));
    }

    @Override
    public Mono<Duration> rest(String key, long token, Duration first, Duration longest) {
        return observers.remote(RemoteOperation.REST, region.rest(key, token, first, longest));
    }

    @Override
    public Mono<Void> remove(String key, long token) {
        return observers.remote(RemoteOperation.REMOVE, region.remove(key, token));
    }

    @Override
    public Mono<Void> invalidate(String key) {
        return observers.remote(RemoteOperation.INVALIDATE, region.invalidate(key));
    }

    @Override
    public Mono<Void> beginWrite(String key, long token, Duration quarantine) {
        return observers.remote(RemoteOperation.BEGIN_WRITE, region.beginWrite(key, token, quarantine));
    }

    @Override
    public Mono<Void> endWrite(String key, long token, @Nullable NewValue value) {
        return observers.remote(RemoteOperation.END_WRITE, region.endWrite(key, token, value));
    }

    @Override
    public Mono<Void> put(String key, NewValue value) {
        return observers.remote(RemoteOperation.PUT, region.put(key, value));
    }

    @Override
    public Flux<Spread> spread(String key) {
        return region.spread(key);
    }

    @Override
    public Epoch generationEpoch() {
        return region.generationEpoch();
    }

    @Override
    public Mono<Generation> generation(Collection<String> tags) {
        return observers.remote(RemoteOperation.GENERATION, region.generation(tags));
    }

    @Override
    public Mono<Void> endGeneration(@Nullable String tag) {
        return observers.remote(RemoteOperation.END_GENERATION, region.endGeneration(tag));
    }

    @Override
    public Flux<Spread> spreadOfGeneration(@Nullable String tag) {
        return region.spreadOfGeneration(tag);
    }

    @Override
    public Flux<String> keys(String prefix) {
        return region.keys(prefix);
    }

    @Override
    public void close() {
        region.close();
    }
}
