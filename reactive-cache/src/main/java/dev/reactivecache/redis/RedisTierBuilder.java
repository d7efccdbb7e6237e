package dev.reactivecache.redis;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.internal.policy.Checks;
import dev.reactivecache.internal.time.TimeSource;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** Settings of a {@link RedisTier}. Each value is checked where it is given. */
public final class RedisTierBuilder {
    private final RedisURI uri;
    private final Deployment deployment;
    private final Masters.Factory masters;
    private Duration readTimeout = Duration.ofMillis(500);
    private Duration writeTimeout = Duration.ofSeconds(1);
    private Duration stalenessBound = Duration.ofMillis(1_500);
    private NotificationSetup notifications = NotificationSetup.ADD_MISSING_ON_LOOPBACK;
    private ChangeSource changes = ChangeSource.EVENTS_OR_TRACKING;
    private String keyPrefix = "";
    private TimeSource timer = TimeSource.system();
    private double retryJitter = 0.5;

    private RedisTierBuilder(RedisURI uri, Deployment deployment, Masters.Factory masters) {
        this.uri = uri;
        this.deployment = deployment;
        this.masters = masters;
    }

    static RedisTierBuilder ownSingle(RedisURI uri) {
        return ownSingle(uri, SslOptions.create());
    }

    static RedisTierBuilder ownSingle(RedisURI uri, SslOptions ssl) {
        return new RedisTierBuilder(
                uri,
                deployment(uri),
                (settings, changes, listener) ->
                        new SingleMaster(OwnClients.single(uri, ssl), settings, changes, listener));
    }

    static RedisTierBuilder usersSingle(RedisClient client, RedisURI uri) {
        return new RedisTierBuilder(uri, deployment(uri), (settings, changes, listener) -> {
            requireNamed(uri);
            requireUsable(client.getOptions());
            return new SingleMaster(new SingleClient(client, Mono.empty()), settings, changes, listener);
        });
    }

    static RedisURI requireNamed(RedisURI uri) {
        boolean named = uri.getSentinels().isEmpty() ? uri.getHost() != null : uri.getSentinelMasterId() != null;
        if (!named) {
            throw new IllegalArgumentException(
                    "the RedisURI must name the host of a Redis, or its Sentinels and sentinelMasterId:"
                            + " sockets are not supported");
        }
        return uri;
    }

    static RedisTierBuilder ownCluster(List<RedisURI> nodes) {
        return ownCluster(nodes, SslOptions.create());
    }

    static RedisTierBuilder ownCluster(List<RedisURI> nodes, SslOptions ssl) {
        return new RedisTierBuilder(
                nodes.get(0),
                Deployment.CLUSTER,
                (settings, changes, listener) ->
                        new ClusterMasters(OwnClients.cluster(nodes, ssl), settings, changes, listener));
    }

    static RedisTierBuilder usersCluster(RedisClusterClient client) {
        RedisURI uri = ClusterClients.uriOf(client);
        return new RedisTierBuilder(uri, Deployment.CLUSTER, (settings, changes, listener) -> {
            requireUsable(client.getOptions());
            var clients = new ClusterClients("the nodes of the given cluster client", client, Mono.empty());
            return new ClusterMasters(clients, settings, changes, listener);
        });
    }

    private static Deployment deployment(RedisURI uri) {
        return uri.getSentinels().isEmpty() ? Deployment.STANDALONE : Deployment.SENTINEL;
    }

    private static void requireUsable(ClientOptions options) {
        if (!options.isAutoReconnect()) {
            throw new IllegalArgumentException("the Lettuce client must have autoReconnect on");
        }
        if (options.isPublishOnScheduler()) {
            throw new IllegalArgumentException("the Lettuce client must have publishOnScheduler off");
        }
    }

    /**
     * The most that a read waits for Redis before it loads instead. Default: 500 milliseconds.
     *
     * @throws IllegalArgumentException if it is not above zero, or above 1,000 days
     */
    public RedisTierBuilder readTimeout(Duration timeout) {
        this.readTimeout = Checks.positive("readTimeout", timeout);
        return this;
    }

    /**
     * The most that a fill, an invalidation or a write waits for Redis to acknowledge. Default: one second.
     *
     * @throws IllegalArgumentException if it is not above zero, or above 1,000 days
     */
    public RedisTierBuilder writeTimeout(Duration timeout) {
        this.writeTimeout = Checks.positive("writeTimeout", timeout);
        return this;
    }

    /**
     * How far an answer from memory may be behind Redis: it was current there at some moment of this last while. The
     * stream of changes is asked three times as often whether it is alive; when it is silent for longer, answers from
     * memory are checked with Redis first. Default: 1.5 seconds.
     *
     * @throws IllegalArgumentException if it is below 30 milliseconds or above 1,000 days
     */
    public RedisTierBuilder stalenessBound(Duration bound) {
        Checks.positive("stalenessBound", bound);
        if (bound.toMillis() < 30) {
            throw new IllegalArgumentException("stalenessBound (" + bound + ") must be at least 30 milliseconds");
        }
        this.stalenessBound = bound;
        return this;
    }

    /** What to do when Redis does not announce changes. Default: {@link NotificationSetup#ADD_MISSING_ON_LOOPBACK}. */
    public RedisTierBuilder notifications(NotificationSetup setup) {
        this.notifications = requireNonNull(setup, "notifications");
        return this;
    }

    /** How the tier hears of changes. Default: {@link ChangeSource#EVENTS_OR_TRACKING}. */
    public RedisTierBuilder changes(ChangeSource source) {
        this.changes = requireNonNull(source, "changes");
        return this;
    }

    /**
     * What all keys and channels of the tier begin with: with {@code "shop:"} an entry is {@code
     * shop:rc:<cache>:<key>}. So applications and environments that share a Redis do not meet, also where their caches
     * have the same names, and a Redis user can be limited to one of them. All nodes of an application give the same.
     * Default: nothing.
     *
     * @throws IllegalArgumentException if it is longer than 200 characters, has another character than visible ASCII
     *     ones or one of <code>* ? [ ] { } \</code>, or contains {@code rc:}
     */
    public RedisTierBuilder keyPrefix(String prefix) {
        this.keyPrefix = KeyLayout.requirePrefix(requireNonNull(prefix, "keyPrefix"));
        return this;
    }

    /** Takes all time from this timer, and leaves nothing to chance: for a client whose Redis is simulated. */
    RedisTierBuilder simulated(TimeSource virtual) {
        this.timer = virtual;
        this.retryJitter = 0;
        return this;
    }

    /**
     * Begins to connect, and returns at once.
     *
     * @throws IllegalArgumentException if the user's client cannot be used: see {@link RedisTier#connect(RedisClient,
     *     RedisURI)}
     * @throws IllegalStateException if {@link ChangeSource#TRACKING} is asked for of a Redis Cluster
     */
    public RedisTier connect() {
        if (changes == ChangeSource.TRACKING && deployment == Deployment.CLUSTER) {
            throw new IllegalStateException("changes (TRACKING) is not possible with a Redis Cluster: use EVENTS");
        }
        RedisSettings.Limits limits = new RedisSettings.Limits(readTimeout, writeTimeout, stalenessBound);
        RedisSettings settings = new RedisSettings(
                uri, deployment, limits, notifications, changes, new KeyLayout(keyPrefix), timer, retryJitter);
        RedisTier tier = new RedisTier(settings, masters);
        tier.start();
        return tier;
    }
}
