package dev.reactivecache.redis;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.entry.Tokens;
import dev.reactivecache.remote.RegionListener;
import dev.reactivecache.remote.RegionListener.Change;
import dev.reactivecache.remote.RemoteHealth;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteTier;
import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;

/**
 * Redis as the tier that several nodes share, through Lettuce. One connection for commands and one for word of changes,
 * used by all caches of the tier. Needs Redis 6.0 or newer.
 *
 * <p>A tier connects in the background and never gives up, with growing delays. While it is not connected, reads load
 * from the source and changes error at once; neither waits for it. What keeps it from working shows in {@link #ready()},
 * {@link #health()} and, once for each new problem, in the log.
 *
 * <p>Safe for use by any number of threads.
 */
public final class RedisTier implements RemoteTier {
    private final RedisSettings settings;
    private final TierStatus status;
    private final CommandLink link;
    private final KeyspaceStream stream;
    private final Mono<Void> closeClient;
    private final ConcurrentMap<String, RegionListener> regions = new ConcurrentHashMap<>();
    private final FillNotes notes;
    private final ServerIdentity identity;
    private final Presence presence;
    private final Receipts receipts;
    private final AtomicBoolean closed = new AtomicBoolean();

    static { // both read files when first used, which no event loop should wait for
        Script.values();
        Tokens.next();
    }

    RedisTier(RedisClient client, RedisSettings settings, Mono<Void> closeClient) {
        this.settings = settings;
        this.closeClient = closeClient;
        this.status = new TierStatus(settings.server());
        RedisConnector connector = new RedisConnector(client, settings, status);
        this.link = new CommandLink(connector, settings, status);
        this.identity = new ServerIdentity(link, settings);
        this.notes = new FillNotes(settings.uri().getDatabase(), Tokens.next());
        this.presence = new Presence(link, settings, notes.node(), regions::keySet);
        this.receipts = new Receipts(link, settings, presence, regions::containsKey, notes.node());
        this.stream = new KeyspaceStream(connector, link, settings, status, notes, receipts, new Dispatcher());
    }

    /**
     * Begins to connect to a Redis, and returns at once.
     *
     * @param uri {@code redis://[[user]:password@]host[:port][/database]} for a standalone one, or
     *     {@code redis-sentinel://[[user]:password@]host[:port][,host[:port]...][/database]?sentinelMasterId=name} for the
     *     master that Sentinels name; with {@code rediss} for TLS
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

    /** A tier with settings of its own. As {@link #connect(String)}. */
    public static RedisTierBuilder builder(String uri) {
        return new RedisTierBuilder(null, RedisAddress.parse(uri));
    }

    /** A tier with settings of its own. As {@link #connect(RedisClient, RedisURI)}. */
    public static RedisTierBuilder builder(RedisClient client, RedisURI uri) {
        return new RedisTierBuilder(requireNonNull(client, "client"), requireNonNull(uri, "uri"));
    }

    void start() {
        link.open(() -> {
            presence.start();
            stream.open();
        });
    }

    @Override
    public RemoteRegion open(String cache, RegionListener listener) {
        requireNonNull(listener, "listener");
        if (closed.get()) {
            throw new IllegalStateException("the tier of Redis at " + settings.server() + " is closed");
        }
        if (regions.putIfAbsent(cache, listener) != null) {
            throw new IllegalStateException("a cache named '" + cache + "' is already open on this tier");
        }
        presence.attend(cache);
        return new RedisRegion(cache, link, stream::epoch, settings, notes, receipts, () -> {
            if (regions.remove(cache, listener)) {
                presence.leave(cache).subscribe();
            }
        });
    }

    @Override
    public Mono<Void> ready() {
        return status.ready();
    }

    @Override
    public RemoteHealth health() {
        RemoteTierException problem = status.problem();
        Duration silence = stream.silence();
        boolean late = silence != null && silence.compareTo(settings.stalenessBound()) > 0;
        String trouble = problem != null
                ? problem.getMessage()
                : late ? settings.about("its stream of changes has been silent for " + silence) : null;
        return new RemoteHealth(link.isOpen(), silence != null && !late, silence, trouble);
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            if (!closed.compareAndSet(false, true)) {
                return Mono.empty();
            }
            status.closed();
            return presence.close()
                    .then(stream.close())
                    .onErrorComplete()
                    .then(link.close().onErrorComplete())
                    .then(closeClient);
        });
    }

    @Override
    public String toString() {
        return "RedisTier[" + settings.server() + "]";
    }

    /** Passes what the stream tells to the region that it is about. */
    private final class Dispatcher implements KeyspaceStream.Listener {
        @Override
        public void onChange(KeyLayout.EntryKey entry, Change change) {
            RegionListener listener = regions.get(entry.cache());
            if (listener != null) {
                listener.onChange(entry.text(), change);
            }
        }

        @Override
        public void onGap(String reason) {
            regions.values().forEach(listener -> listener.onGap(reason));
        }

        @Override
        public void onProved(boolean anew) {
            if (anew) {
                presence.attendAll();
            }
            identity.isAnother(anew).subscribe(another -> {
                if (anew || another) {
                    regions.values().forEach(listener -> listener.onTierBack(another));
                }
            });
        }

        @Override
        public void onReplaced() {
            presence.attendAll();
            regions.values().forEach(listener -> listener.onTierBack(true));
        }
    }
}
