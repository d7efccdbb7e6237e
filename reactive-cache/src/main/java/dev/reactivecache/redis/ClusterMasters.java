package dev.reactivecache.redis;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.redis.SlotTable.Master;
import dev.reactivecache.remote.Epoch;
import dev.reactivecache.remote.RemoteHealth;
import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.api.reactive.RedisClusterReactiveCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * The masters of a Redis Cluster. Keyspace notifications stay on the node that they are of (Redis documentation: Redis
 * keyspace notifications), so each master has a stream of its own. The epoch is one for all: it lasts while every
 * stream is live and no slot or master has moved, and its watermark is the oldest of theirs.
 */
final class ClusterMasters implements Masters {
    private static final int LOOKS_PER_BOUND = 6;
    private static final int RUNS_WHILE_MOVING = 3;

    private final ClusterClients clients;
    private final RedisSettings settings;
    private final ChangeListener changes;
    private final Masters.Listener listener;
    private final long node = Tokens.next();
    private final FillNotes nobodysNotes;
    private final TierStatus own; // of what belongs to no single master
    private final TierStatus overall;
    private final ClusterLink link;
    private final ClusterView view;
    private final CurrentEpoch epoch;
    private final Epoch unserved;
    private final Disposable.Swap looking = Disposables.swap();
    private volatile SlotTable table = SlotTable.EMPTY;
    private volatile Map<Master, Shard> shards = Map.of();

    ClusterMasters(ClusterClients clients, RedisSettings settings, ChangeListener changes, Masters.Listener listener) {
        this.clients = clients;
        this.settings = settings;
        this.nobodysNotes = new FillNotes(settings.keys().fillsChannel("nobody"), node);
        this.epoch = new CurrentEpoch(settings.stalenessBound());
        this.unserved = Epoch.none(settings.stalenessBound().toNanos());
        this.changes = changes;
        this.listener = listener;
        this.overall = new TierStatus(clients.name(), () -> {});
        this.own = new TierStatus(clients.name(), this::update);
        this.link = new ClusterLink(clients.cluster(), this::about, settings, own);
        this.view = new ClusterView(clients.cluster(), new ViewListener());
    }

    private String about(String what) {
        return "Redis at " + clients.name() + ": " + what;
    }

    @Override
    public void open() {
        view.open();
        link.open(this::begin);
    }

    private void begin() {
        follow();
        Duration interval = settings.stalenessBound().dividedBy(LOOKS_PER_BOUND);
        looking.update(Mono.delay(interval, settings.timer().scheduler())
                .doOnNext(tick -> look())
                .onErrorResume(failure -> {
                    endEpoch("the cluster could not be looked at: " + failure);
                    return Mono.empty();
                })
                .repeat()
                .subscribe());
    }

    /** First whether commands still go where the streams come from, then how late the streams are. */
    private void look() {
        follow();
        hear();
        if (!epoch.now().isLive()) {
            view.refresh();
        }
        SlotTable now = table;
        shards.forEach((master, shard) -> {
            if (shard.link().isOpen()) {
                link.tryWayTo(master, now.keys(master, settings.keys()).guard(), settings.readTimeout());
            }
        });
    }

    private void hear() {
        Epoch heard = epoch.now();
        long now = settings.timer().now();
        Duration silence = silence();
        if (silence != null) {
            heard.heard(now - silence.toNanos());
        }
    }

    /** The longest of all streams; null if one is not live. */
    private @Nullable Duration silence() {
        Duration longest = null;
        for (Shard shard : shards.values()) {
            Duration silence = shard.stream().silence();
            if (silence == null) {
                return null;
            }
            longest = longest == null || silence.compareTo(longest) > 0 ? silence : longest;
        }
        return longest;
    }

    /** Takes over which masters there are and what they have, where that has changed. */
    private void follow() {
        SlotTable seen = view.table();
        List<Shard> left = new ArrayList<>();
        List<Shard> joined = new ArrayList<>();
        boolean wasLive;
        synchronized (this) {
            if (overall.isClosed() || seen.says(table)) {
                return;
            }
            wasLive = epoch.end();
            Map<Master, Shard> next = new ConcurrentHashMap<>();
            for (Master master : seen.masters()) {
                Shard known = shards.get(master);
                next.put(master, known != null ? known : shard(master, joined));
            }
            shards.forEach((master, shard) -> {
                if (!next.containsKey(master)) {
                    left.add(shard);
                }
            });
            table = seen;
            shards = next;
        }
        if (wasLive) {
            listener.onGap("the masters of the cluster, or their slots, have changed");
        }
        left.forEach(shard -> shard.close().subscribe());
        joined.forEach(Shard::open);
        update();
    }

    private Shard shard(Master master, List<Shard> joined) {
        Shard shard = new Shard(
                clients.nodes(),
                settings.at(master),
                new FillNotes(settings.keys().fillsChannel(master.id()), node),
                new KeysNow(master),
                changes,
                new ShardListener(master, table != SlotTable.EMPTY),
                this::update);
        joined.add(shard);
        return shard;
    }

    /** Begins the epoch if nothing speaks against it, and says how all are together. */
    private void update() {
        boolean allLive;
        RemoteTierException problem = own.problem();
        synchronized (this) {
            allLive = !shards.isEmpty() && shards.values().stream().allMatch(Shard::isLive) && view.isSettled();
            Duration silence = silence();
            if (allLive && silence != null && !overall.isClosed()) {
                epoch.begin(settings.timer().now() - silence.toNanos());
            }
        }
        for (Shard shard : shards.values()) {
            problem = problem != null ? problem : shard.status().problem();
        }
        overall.shows(allLive && problem == null, problem);
    }

    private void endEpoch(String reason) {
        if (epoch.end()) {
            listener.onGap(reason);
        }
    }

    /** Of a master with the slots that it has at the moment. */
    private final class KeysNow implements ServerKeys {
        private final Master master;

        KeysNow(Master master) {
            this.master = master;
        }

        @Override
        public byte[] probe() {
            return table.keys(master, settings.keys()).probe();
        }

        @Override
        public byte[] guard() {
            return table.keys(master, settings.keys()).guard();
        }
    }

    /** A gap in one master's stream ends the epoch of all. */
    private final class ShardListener implements Masters.Listener {
        private final Master master;
        private final AtomicBoolean follows; // another, and may lack what that one had

        ShardListener(Master master, boolean follows) {
            this.master = master;
            this.follows = new AtomicBoolean(follows);
        }

        @Override
        public void onBack(boolean mayHaveLost) {
            listener.onBack(follows.getAndSet(false) || mayHaveLost);
        }

        @Override
        public void onGap(String reason) {
            if (shards.containsKey(master)) {
                endEpoch(master.host() + ':' + master.port() + ": " + reason);
            }
        }
    }

    private final class ViewListener implements ClusterView.Listener {
        @Override
        public void onLook() {
            follow();
            update();
        }

        @Override
        public boolean isHeard(String host, int port) {
            return shards.entrySet().stream()
                    .anyMatch(each -> each.getKey().host().equals(host)
                            && each.getKey().port() == port
                            && each.getValue().isLive());
        }

        @Override
        public void onDoubt(String target) {
            endEpoch("commands were sent on to " + target + ", whose changes are not heard");
        }
    }

    private @Nullable Shard shardOf(byte[] key) {
        Master master = table.ownerOf(key);
        return master == null ? null : shards.get(master);
    }

    /** A master that was lost is not waited for. One that is new may be connected for commands first. */
    @Override
    public <T> Mono<T> send(
            byte[] key, Duration timeout, Function<RedisClusterReactiveCommands<byte[], byte[]>, Mono<T>> command) {
        return Mono.defer(() -> {
            RemoteTierException lost = lost(key);
            return lost != null ? Mono.error(lost) : link.send(timeout, command);
        });
    }

    @Override
    public <T> CompletableFuture<T> submit(
            byte[] key, Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
        RemoteTierException lost = lost(key);
        return lost != null ? CompletableFuture.failedFuture(lost) : link.submit(command);
    }

    private @Nullable RemoteTierException lost(byte[] key) {
        SlotTable now = table;
        Master master = now.ownerOf(key);
        if (master == null) {
            return now == SlotTable.EMPTY
                    ? null
                    : new RemoteTierException(about("the slot of the key has no master"), null);
        }
        Shard shard = shards.get(master);
        if (shard != null && shard.link().isLost()) {
            return shard.link().notConnected();
        }
        return link.isBlocked(master)
                ? new RemoteTierException(
                        about(master.host() + ':' + master.port() + " does not answer commands"), null)
                : null;
    }

    /**
     * While a key's slot moves, a script that has deleted the key may not make it again at the old place: Redis stops
     * it there. The key is gone then, which is harmless at any time, and the next run is sent on to the new place.
     */
    @Override
    public <T> Mono<T> run(Duration timeout, Script script, ScriptOutputType type, byte[] key, byte[]... args) {
        return send(
                key,
                timeout,
                commands -> script.<T>run(commands, type, key, args)
                        .retryWhen(Retry.max(RUNS_WHILE_MOVING).filter(ClusterMasters::isStoppedInMove)));
    }

    private static boolean isStoppedInMove(Throwable failure) {
        return failure instanceof RedisCommandExecutionException
                && String.valueOf(failure.getMessage()).contains("non local key");
    }

    /** A key whose slot moves from a master that is yet to be asked to one that has been would be passed over. */
    @Override
    public Flux<byte[]> scan(byte[] prefix) {
        return Flux.defer(() -> {
            SlotTable before = table;
            Mono<byte[]> whole = Mono.defer(() -> before.says(table) && view.isSettled() && table.uncovered() == 0
                    ? Mono.empty()
                    : Mono.error(new RemoteTierException(
                            about("not all keys were found, because slots moved or have no master"), null)));
            return Flux.fromIterable(shards.values())
                    .concatMap(shard -> shard.scan(prefix))
                    .concatWith(whole);
        });
    }

    @Override
    public int slots() {
        return SlotHash.SLOT_COUNT;
    }

    @Override
    public int slot(byte[] key) {
        return SlotHash.getSlot(key);
    }

    @Override
    public long serverMillisAt(byte[] key, long nanos) {
        Shard shard = shardOf(key);
        return shard == null ? Long.MAX_VALUE : shard.link().serverMillisAt(nanos);
    }

    @Override
    public long leastServerMillisAt(byte[] key, long nanos) {
        Shard shard = shardOf(key);
        return shard == null ? Long.MAX_VALUE : shard.link().leastServerMillisAt(nanos);
    }

    @Override
    public byte[] node() {
        return nobodysNotes.node();
    }

    @Override
    public FillNotes notes(byte[] key) {
        Shard shard = shardOf(key);
        return shard == null ? nobodysNotes : shard.notes();
    }

    @Override
    public Epoch epoch(Supplier<byte[]> key) {
        Epoch now = epoch.now();
        return now.isLive() && shardOf(key.get()) == null ? unserved : now;
    }

    @Override
    public Mono<Void> ready() {
        return overall.ready();
    }

    @Override
    public RemoteHealth health() {
        Map<Master, Shard> all = shards;
        boolean connected = link.isOpen()
                && !all.isEmpty()
                && all.values().stream().allMatch(shard -> shard.link().isOpen());
        Epoch now = epoch.now();
        Duration silence = now.isLive() ? silence() : null;
        boolean late = silence != null && silence.compareTo(settings.stalenessBound()) > 0;
        return new RemoteHealth(connected, silence != null && !late, silence, trouble(all));
    }

    private @Nullable String trouble(Map<Master, Shard> all) {
        RemoteTierException problem = overall.isClosed() ? overall.problem() : own.problem();
        String trouble = problem == null ? null : problem.getMessage();
        for (Shard shard : all.values()) {
            trouble = trouble != null ? trouble : shard.trouble();
        }
        int uncovered = table.uncovered();
        return trouble == null && !all.isEmpty() && uncovered > 0
                ? about(uncovered + " slots have no master")
                : trouble;
    }

    @Override
    public String server() {
        return clients.name();
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> {
            looking.dispose();
            view.close();
            own.closed();
            overall.closed();
            return Mono.whenDelayError(
                            shardsForGood().stream().map(Shard::close).toList())
                    .onErrorComplete()
                    .then(link.close().onErrorComplete())
                    .then(clients.close());
        });
    }

    /** Once the status says that the tier is closed no other shards follow these. */
    private synchronized Collection<Shard> shardsForGood() {
        return shards.values();
    }
}
