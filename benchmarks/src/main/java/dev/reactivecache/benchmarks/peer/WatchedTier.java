package dev.reactivecache.benchmarks.peer;

import dev.reactivecache.remote.RegionListener;
import dev.reactivecache.remote.RemoteHealth;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteTier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A tier that reports each change as soon as the copy in this node's memory is gone, before any other listener hears of
 * it.
 */
final class WatchedTier implements RemoteTier {
    private final RemoteTier tier;
    private volatile Consumer<String> watcher = key -> {};

    WatchedTier(RemoteTier tier) {
        this.tier = tier;
    }

    /** Calls this one from now on, with the key, on the stream's own thread. */
    void watch(Consumer<String> newWatcher) {
        watcher = newWatcher;
    }

    @Override
    public RemoteRegion open(String cache, RegionListener listener) {
        return tier.open(cache, new RegionListener() {
            @Override
            public void onChange(String key, Change change) {
                listener.onChange(key, change);
                if (change != Change.FILLED) {
                    watcher.accept(key);
                }
            }

            @Override
            public void onOwnChange(String key, long token, long stamp) {
                listener.onOwnChange(key, token, stamp);
            }

            @Override
            public void onGenerationEnd(@Nullable String tag, boolean asked) {
                listener.onGenerationEnd(tag, asked);
            }

            @Override
            public void onGap(String reason) {
                listener.onGap(reason);
            }

            @Override
            public void onTierBack(boolean mayHaveLost) {
                listener.onTierBack(mayHaveLost);
            }
        });
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
