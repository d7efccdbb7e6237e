package dev.reactivecache.redis;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.Range;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Redis Cluster of a test's own. */
public final class ClusterGroup implements AutoCloseable {
    private final List<RedisProcess> servers = new ArrayList<>();
    private final Map<RedisProcess, RedisCommands<String, String>> commands = new HashMap<>();
    private final String login;
    private final @Nullable Security security;
    private final String[] settings;

    private ClusterGroup(String login, @Nullable Security security, String... settings) {
        this.login = login;
        this.security = security;
        this.settings = settings;
    }

    /** Three masters, and a replica for each, which takes over soon. */
    public static ClusterGroup start() {
        return start(new ClusterGroup("", null), 3);
    }

    /** The same, for who ends no master: none is taken for dead because the machine has stood still. */
    static ClusterGroup lasting() {
        return start(new ClusterGroup("", null, "--cluster-node-timeout", "4000"), 3);
    }

    /** Three masters, and a replica for the first. */
    static ClusterGroup start(Security security) {
        return start(new ClusterGroup("", security, security.settings()), 1);
    }

    private static ClusterGroup start(ClusterGroup group, int replicas) {
        try {
            IntStream.range(0, 3 + replicas).forEach(i -> group.add());
            List<RedisProcess> masters = group.servers.subList(0, 3);
            group.giveSlots(masters.get(0), 0, 5_460);
            group.giveSlots(masters.get(1), 5_461, 10_922);
            group.giveSlots(masters.get(2), 10_923, 16_383);
            group.introduce(group.servers.subList(1, 3 + replicas));
            for (int i = 0; i < replicas; i++) {
                RedisCommands<String, String> replica = group.on(group.servers.get(i + 3));
                String master = group.id(masters.get(i));
                Await.until("it may follow", () -> "OK".equals(replica.clusterReplicate(master)));
            }
            group.awaitWhole(replicas);
            return group;
        } catch (Throwable e) {
            group.close();
            throw e;
        }
    }

    /** One master, that has all slots. */
    static ClusterGroup single(String password) {
        ClusterGroup group = new ClusterGroup(":" + password + "@", null, "--requirepass", password);
        RedisProcess server = group.add();
        giveAllSlots(group.on(server));
        group.awaitWhole(0);
        return group;
    }

    @SuppressWarnings("unchecked")
    static void giveAllSlots(RedisCommands<String, String> server) {
        server.clusterAddSlotsRange(Range.create(0, 16_383));
    }

    @SuppressWarnings("unchecked")
    private void giveSlots(RedisProcess server, int first, int last) {
        on(server).clusterAddSlotsRange(Range.create(first, last));
    }

    private RedisProcess add() {
        RedisProcess server = RedisProcess.clusterNode(settings);
        if (security != null) {
            server.foreigners(security.adminOptions());
        }
        servers.add(server);
        on(server).clusterSetConfigEpoch(servers.size());
        return server;
    }

    /** A master without slots, that all others know. */
    RedisProcess join() {
        RedisProcess server = add();
        introduce(List.of(server));
        Await.until("it takes part", () -> on(server).clusterInfo().contains("cluster_state:ok"));
        return server;
    }

    /** A master without slots goes, and is forgotten. */
    void leave(RedisProcess server) {
        String id = id(server);
        servers.remove(server);
        commands.remove(server);
        servers.forEach(other -> on(other).clusterForget(id));
        server.close();
    }

    private void introduce(List<RedisProcess> others) {
        RedisProcess first = servers.get(0);
        for (RedisProcess other : others) {
            on(other)
                    .dispatch(
                            CommandType.CLUSTER,
                            new StatusOutput<>(StringCodec.UTF8),
                            new CommandArgs<>(StringCodec.UTF8)
                                    .add("MEET")
                                    .add("127.0.0.1")
                                    .add(first.port())
                                    .add(first.busPort()));
        }
        Await.until(
                "all know all",
                () -> servers.stream()
                        .allMatch(server -> on(server)
                                        .clusterNodes()
                                        .lines()
                                        .filter(line -> !line.contains("handshake"))
                                        .count()
                                == servers.size()));
    }

    /** Waits until the cluster works, and so many replicas follow their masters. */
    public void awaitWhole(int replicas) {
        Await.until(
                "the cluster is whole",
                () -> servers.stream()
                        .filter(RedisProcess::isAlive)
                        .allMatch(server -> on(server).clusterInfo().contains("cluster_state:ok")));
        Await.until(
                "its replicas are in step",
                () -> servers.stream()
                                .filter(server -> {
                                    String info = on(server).info("replication");
                                    return info.contains("role:slave") && info.contains("master_link_status:up");
                                })
                                .count()
                        == replicas);
    }

    public String uri() {
        return "redis-cluster://" + login + seeds();
    }

    /** Some of its nodes. */
    String seeds() {
        return servers.stream()
                .limit(2)
                .map(server -> "127.0.0.1:" + server.port())
                .collect(Collectors.joining(","));
    }

    /** What a stranger can do on one server. */
    public RedisCommands<String, String> on(RedisProcess server) {
        return commands.computeIfAbsent(
                server,
                s -> s.foreigner(
                        security == null
                                ? RedisURI.create(s.uri().replace("//", "//" + login))
                                : security.admin(s.port())));
    }

    private String id(RedisProcess server) {
        return on(server).clusterMyId();
    }

    /** The servers that have slots, as they say themselves. */
    public List<RedisProcess> masters() {
        return servers.stream()
                .filter(RedisProcess::isAlive)
                .filter(server -> !slotsOf(server).isEmpty())
                .toList();
    }

    private String[] myself(RedisProcess server) {
        return on(server)
                .clusterNodes()
                .lines()
                .filter(line -> line.contains("myself"))
                .findFirst()
                .orElseThrow()
                .split(" ");
    }

    public RedisProcess replicaOf(RedisProcess master) {
        String id = id(master);
        return servers.stream()
                .filter(RedisProcess::isAlive)
                .filter(server -> myself(server)[3].equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** The server that takes commands for a key. */
    public RedisProcess masterOf(String name) {
        int slot = SlotHash.getSlot(name);
        return masters().stream()
                .filter(server -> slotsOf(server).get(slot))
                .findFirst()
                .orElseThrow();
    }

    private BitSet slotsOf(RedisProcess server) {
        BitSet slots = new BitSet();
        String[] said = myself(server);
        Stream.of(said)
                .skip(said[2].contains("master") ? 8 : said.length)
                .filter(range -> !range.startsWith("["))
                .map(range -> range.split("-"))
                .forEach(ends -> slots.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1));
        return slots;
    }

    /** A key of a cache that a given server has. */
    String keyOn(RedisProcess master, String cache, String prefix) {
        BitSet slots = slotsOf(master);
        return IntStream.range(0, 100_000)
                .mapToObj(i -> prefix + i)
                .filter(key -> slots.get(SlotHash.getSlot("rc:" + cache + ':' + key)))
                .findFirst()
                .orElseThrow();
    }

    /** Moves a slot with all of its keys, as {@code redis-cli --cluster reshard} does. */
    public void move(int slot, RedisProcess from, RedisProcess to) {
        moveKeysOf(slot, from, to);
        completeMove(slot, from, to);
    }

    /** The first half: the keys are there, the slot is not. */
    public void moveKeysOf(int slot, RedisProcess from, RedisProcess to) {
        on(to).clusterSetSlotImporting(slot, id(from));
        on(from).clusterSetSlotMigrating(slot, id(to));
        for (List<String> keys = on(from).clusterGetKeysInSlot(slot, 100);
                !keys.isEmpty();
                keys = on(from).clusterGetKeysInSlot(slot, 100)) {
            on(from).migrate("127.0.0.1", to.port(), 0, 5_000, MigrateArgs.Builder.keys(keys));
        }
    }

    /** Deletes a key that has moved ahead of its slot. */
    void deleteAhead(RedisProcess server, String name) {
        on(server).asking();
        on(server).del(name);
    }

    /** The second half. */
    void completeMove(int slot, RedisProcess from, RedisProcess to) {
        String owner = id(to);
        on(to).clusterSetSlotNode(slot, owner);
        on(from).clusterSetSlotNode(slot, owner);
        masters().forEach(server -> on(server).clusterSetSlotNode(slot, owner));
    }

    @Override
    public void close() {
        servers.forEach(RedisProcess::close);
    }
}
