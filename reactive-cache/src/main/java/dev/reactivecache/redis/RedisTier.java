package dev.reactivecache.redis;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.RegionListener;
import dev.reactivecache.remote.RegionListener.Change;
import dev.reactivecache.remote.RemoteHealth;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteTier;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;

/**
 * Redis as the tier that several nodes share, through Lettuce. One connection for commands and one for changes (of a
 * Redis Cluster: to each master), used by all caches of the tier. Only masters are read. Needs Redis 6.0 or newer.
 *
 * <p>A tier connects in the background and never gives up, with growing delays. While it is not connected, reads load
 * from the source and changes error at once; neither waits for it. What keeps it from working shows in {@link
 * #ready()}, {@link #health()} and, once for each new problem, in the log.
 *
 * <p>Safe for use by any number of threads.
 */
public final class RedisTier implements RemoteTier {
    private final RedisSettings settings;
    private final Masters masters;
    private final ConcurrentMap<String, RegionListener> regions = new ConcurrentHashMap<>();
    private final Set<String> everOpen = ConcurrentHashMap.newKeySet();
    private final ReadBatches reads;
    private final Presence presence;
    private final Receipts receipts;
    private final Room room;
    private final AtomicBoolean closed = new AtomicBoolean();

    static { // both read files when first used, which no event loop should wait for
        Script.values();
        Tokens.next();
    }

    RedisTier(RedisSettings settings, Masters.Factory factory) {
        this.settings = settings;
        Dispatcher dispatcher = new Dispatcher();
        this.masters = factory.create(settings, dispatcher, dispatcher);
        this.reads = new ReadBatches(this.masters, settings);
        this.presence = new Presence(this.masters, settings, regions::keySet);
        this.room = new Room(this.masters.server(), settings.timer());
        this.receipts = new Receipts(this.masters, settings, presence, everOpen::contains);
    }

    /**
     * Begins to connect to a Redis, and returns at once.
     *
     * @param uri {@code redis://[[user]:password@]host[:port][/database]} for a standalone one, or {@code
     *     redis-sentinel://[[user]:password@]host[:port][,host[:port]...][/database]?sentinelMasterId=name} for the
     *     master that Sentinels name, or {@code redis-cluster://[[user]:password@]host[:port][,host[:port]...]} for a
     *     Redis Cluster, of which some nodes are given; with {@code rediss} for TLS
     * @throws IllegalArgumentException if the URI is not of that form; the message does not repeat the password
     */
    public static RedisTier connect(String uri) {
        return builder(uri).connect();
    }

    /**
     * Begins to connect with a client of the user's, and returns at once. Closing the tier closes its connections, not
     * the client.
     *
     * @throws IllegalArgumentException if the client does not reconnect by itself, or publishes on a scheduler, which
     *     would lose the order of events
     */
    public static RedisTier connect(RedisClient client, RedisURI uri) {
        return builder(client, uri).connect();
    }

    /**
     * Begins to connect to a Redis Cluster with a client of the user's, and returns at once. Closing the tier closes
     * its connections, not the client. The tier's own connections read from masters, whatever others of the client do.
     *
     * @throws IllegalArgumentException if the client does not reconnect by itself, or publishes on a scheduler, which
     *     would lose the order of events
     */
    public static RedisTier connect(RedisClusterClient client) {
        return builder(client).connect();
    }

    /** A tier with settings of its own. As {@link #connect(String)}. */
    public static RedisTierBuilder builder(String uri) {
        requireNonNull(uri, "Redis URI");
        return ClusterAddress.isOne(uri)
                ? RedisTierBuilder.ownCluster(ClusterAddress.parse(uri))
                : RedisTierBuilder.ownSingle(RedisAddress.parse(uri));
    }

    /** A tier with settings of its own. As {@link #connect(RedisClient, RedisURI)}. */
    public static RedisTierBuilder builder(RedisClient client, RedisURI uri) {
        return RedisTierBuilder.usersSingle(requireNonNull(client, "client"), requireNonNull(uri, "uri"));
    }

    /** A tier with settings of its own. As {@link #connect(RedisClusterClient)}. */
    public static RedisTierBuilder builder(RedisClusterClient client) {
        return RedisTierBuilder.usersCluster(requireNonNull(client, "client"));
    }

    /**
     * A tier with settings of its own, with a client of its own. As {@link #connect(String)}, for what the text of a
     * URI cannot say, such as the password of the Sentinels.
     *
     * @param ssl which certificates are trusted and shown, if the URI asks for TLS
     * @throws IllegalArgumentException if the URI names neither a host nor Sentinels and their master
     */
    public static RedisTierBuilder builder(RedisURI uri, SslOptions ssl) {
        return RedisTierBuilder.ownSingle(
                RedisTierBuilder.requireNamed(requireNonNull(uri, "uri")), requireNonNull(ssl, "ssl"));
    }

    /**
     * A tier of a Redis Cluster with settings of its own, with a client of its own. As {@link #connect(String)}.
     *
     * @param nodes some of its nodes, with our credentials
     * @param ssl which certificates are trusted and shown, if the URIs ask for TLS
     * @throws IllegalArgumentException if no node is given
     */
    public static RedisTierBuilder clusterBuilder(List<RedisURI> nodes, SslOptions ssl) {
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("nodes must name at least one node of the cluster");
        }
        return RedisTierBuilder.ownCluster(List.copyOf(nodes), requireNonNull(ssl, "ssl"));
    }

    void start() {
        masters.open();
        presence.start();
    }

    @Override
    public RemoteRegion open(String cache, RegionListener listener) {
        requireNonNull(listener, "listener");
        if (closed.get()) {
            throw new IllegalStateException("the tier of Redis at " + masters.server() + " is closed");
        }
        if (regions.putIfAbsent(cache, listener) != null) {
            throw new IllegalStateException("a cache named '" + cache + "' is already open on this tier");
        }
        everOpen.add(cache);
        presence.attend(cache);
        return new RedisRegion(cache, masters, reads, settings, presence, receipts, room, () -> {
            if (regions.remove(cache, listener)) {
                presence.leave(cache).subscribe();
            }
        });
    }

    @Override
    public Mono<Void> ready() {
        return masters.ready().then(presence.announced());
    }

    @Override
    public RemoteHealth health() {
        RemoteHealth health = masters.health();
        return health.problem() != null
                ? health
                : new RemoteHealth(health.connected(), health.streamLive(), health.silence(), room.problem());
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(
                () -> closed.compareAndSet(false, true) ? presence.close().then(masters.close()) : Mono.empty());
    }

    @Override
    public String toString() {
        String prefix = settings.keys().prefix();
        return "RedisTier[" + masters.server() + (prefix.isEmpty() ? "" : ", keyPrefix " + prefix) + "]";
    }

    /** Passes each change to the region that it is about. */
    private final class Dispatcher implements ChangeListener, Masters.Listener {
        @Override
        public void onChange(KeyLayout.EntryKey entry, Change change) {
            RegionListener listener = regions.get(entry.cache());
            if (listener == null) {
                return;
            }
            switch (entry.kind()) {
                case ENTRY -> listener.onChange(entry.text(), change);
                case END_OF_TAG -> listener.onGenerationEnd(entry.text(), true);
                case END_OF_ALL -> listener.onGenerationEnd(null, true);
                case GENERATIONS -> listener.onGenerationEnd(null, false);
            }
        }

        @Override
        public void onEcho(KeyLayout.EntryKey entry, OwnFills.OwnFill fill) {
            RegionListener listener = regions.get(entry.cache());
            if (listener != null) {
                listener.onOwnChange(entry.text(), fill.token(), fill.stamp());
            }
        }

        @Override
        public void onLoadEnd(KeyLayout.EntryKey entry) {
            RegionListener listener = regions.get(entry.cache());
            if (listener != null && entry.kind() == KeyLayout.Kind.ENTRY) {
                listener.onLoadEnd(entry.text());
            }
        }

        @Override
        public void onGap(String reason) {
            regions.values().forEach(listener -> listener.onGap(reason));
        }

        @Override
        public void onReceipt(ReceiptWord word) {
            receipts.hear(word);
        }

        @Override
        public void onBack(boolean mayHaveLost) {
            presence.attendAll();
            regions.values().forEach(listener -> listener.onTierBack(mayHaveLost));
        }
    }
}
