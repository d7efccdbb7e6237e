package dev.reactivecache.benchmarks.peer;

import dev.reactivecache.Coalescing;
import dev.reactivecache.redis.ChangeSource;
import org.redisson.api.options.LocalCachedMapOptions.ReconnectionStrategy;

/** The caches that are compared. */
public enum Peer {
    /** Loads are shared by the callers of one node: the default. */
    OURS("Reactive Cache"),
    /** Loads are shared by the callers of all nodes. */
    OURS_CLUSTER("Reactive Cache, CLUSTER"),
    /** Hears of changes by client tracking. */
    OURS_TRACKING("Reactive Cache, TRACKING"),
    /** The default: what is in memory when the connection is lost stays there. */
    REDISSON("Redisson"),
    /** Empties its memory when the connection is back. */
    REDISSON_CLEAR("Redisson, CLEAR"),
    /** Asks on reconnection what changed in the last ten minutes. */
    REDISSON_LOAD("Redisson, LOAD"),
    /** Caffeine before Redis, with its broadcast of local invalidation. */
    JETCACHE("JetCache"),
    /** {@code ClientSideCaching} of Lettuce. */
    LETTUCE("Lettuce client-side caching"),
    /** A cache for each node, and nothing in common. */
    CAFFEINE("Caffeine alone");

    private final String title;

    Peer(String title) {
        this.title = title;
    }

    /** For the tables. */
    public String title() {
        return title;
    }

    /** Connects a node. Blocks until it is connected. */
    public NodeCache open(Place place) {
        return switch (this) {
            case OURS -> new OwnNode(place, Coalescing.LOCAL, ChangeSource.EVENTS_OR_TRACKING);
            case OURS_CLUSTER -> new OwnNode(place, Coalescing.CLUSTER, ChangeSource.EVENTS_OR_TRACKING);
            case OURS_TRACKING -> new OwnNode(place, Coalescing.LOCAL, ChangeSource.TRACKING);
            case REDISSON -> new RedissonNode(place, ReconnectionStrategy.NONE);
            case REDISSON_CLEAR -> new RedissonNode(place, ReconnectionStrategy.CLEAR);
            case REDISSON_LOAD -> new RedissonNode(place, ReconnectionStrategy.LOAD);
            case JETCACHE -> new JetCacheNode(place);
            case LETTUCE -> new LettuceNode(place);
            case CAFFEINE -> new CaffeineNode(place);
        };
    }
}
