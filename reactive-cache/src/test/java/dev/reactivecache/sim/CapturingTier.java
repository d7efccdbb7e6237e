package dev.reactivecache.sim;

import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.RegionListener;
import dev.reactivecache.remote.RemoteHealth;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteTier;
import java.util.HashMap;
import java.util.Map;
import reactor.core.publisher.Mono;

/** A tier as it is, whose regions' epochs can be looked at. */
final class CapturingTier implements RemoteTier {
    private final RemoteTier tier;
    private final Map<String, RemoteRegion> regions = new HashMap<>();

    CapturingTier(RemoteTier tier) {
        this.tier = tier;
    }

    @Override
    public RemoteRegion open(String cache, RegionListener listener) {
        RemoteRegion region = tier.open(cache, listener);
        regions.put(cache, region);
        return region;
    }

    /** The epoch that a cache's stream is in. */
    Epoch epoch(String cache) {
        return regions.get(cache).epoch("any");
    }

    @Override
    public Mono<Void> ready() {
        return tier.ready();
    }

    @Override
    public RemoteHealth health() {
        return tier.health();
    }

    @Override
    public Mono<Void> close() {
        return tier.close();
    }
}
