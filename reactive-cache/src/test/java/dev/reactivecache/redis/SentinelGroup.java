package dev.reactivecache.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.sentinel.api.sync.RedisSentinelCommands;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A master, a replica, and one Sentinel, which is enough to agree with itself. */
public final class SentinelGroup implements AutoCloseable {
    private static final String NAME = "mymaster";

    final RedisProcess first;
    final RedisProcess second;
    public final RedisProcess sentinel;
    private final Map<RedisProcess, RedisCommands<String, String>> commands = new HashMap<>();
    private final RedisClient client = RedisClient.create();
    private final RedisSentinelCommands<String, String> asked;
    private final @Nullable Security security;

    private SentinelGroup(@Nullable Security security, String... settings) {
        this.security = security;
        first = server(settings);
        second = server(Stream.concat(Stream.of(settings), Stream.of("--replicaof", "127.0.0.1", "" + first.port()))
                .toArray(String[]::new));
        Await.until("the replica is there", () -> on(first).info("replication").contains("state=online"));
        sentinel = RedisProcess.sentinel(Stream.concat(
                        Stream.of(
                                "sentinel monitor " + NAME + " 127.0.0.1 " + first.port() + " 1",
                                "sentinel down-after-milliseconds " + NAME + " 1000",
                                "sentinel failover-timeout " + NAME + " 3000"),
                        Stream.of(security == null ? new String[0] : security.sentinelLines(NAME)))
                .toArray(String[]::new));
        RedisURI here = RedisURI.create(sentinel.uri());
        if (security != null) {
            client.setOptions(security.adminOptions());
            here = RedisURI.Builder.redis("127.0.0.1", sentinel.port())
                    .withSsl(security.admin(0))
                    .build();
        }
        asked = client.connectSentinel(here).sync();
        shortenTilt();
        Await.until("the Sentinel knows the replica", () -> replicas().stream().anyMatch(this::isHealthy));
    }

    /** A Sentinel that notices that it has stood still is in TILT, and promotes nobody, for 30 s; here for 1.5 s. */
    private void shortenTilt() {
        asked.dispatch(
                CommandType.SENTINEL,
                new StatusOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8)
                        .add("DEBUG")
                        .add("tilt-trigger")
                        .add(500)
                        .add("tilt-period")
                        .add(1_500));
    }

    public static SentinelGroup start(String... settings) {
        return new SentinelGroup(null, settings);
    }

    static SentinelGroup start(Security security) {
        return new SentinelGroup(security, security.settings());
    }

    private RedisProcess server(String... settings) {
        RedisProcess server = RedisProcess.start(settings);
        return security == null ? server : server.foreigners(security.adminOptions());
    }

    private List<Map<String, String>> replicas() {
        return asked.replicas(NAME);
    }

    private boolean isHealthy(Map<String, String> replica) {
        return "slave".equals(replica.get("flags")) && "ok".equals(replica.get("master-link-status"));
    }

    public String uri() {
        return "redis-sentinel://127.0.0.1:" + sentinel.port() + "?sentinelMasterId=" + NAME;
    }

    /** The port of the one that the Sentinel now names. */
    public int masterPort() {
        return ((InetSocketAddress) asked.getMasterAddrByName(NAME)).getPort();
    }

    RedisCommands<String, String> on(RedisProcess server) {
        return commands.computeIfAbsent(
                server, s -> security == null ? s.foreigner() : s.foreigner(security.admin(s.port())));
    }

    /** The one that the Sentinel now names. */
    public RedisProcess master() {
        return masterPort() == first.port() ? first : second;
    }

    public RedisProcess other(RedisProcess one) {
        return one == first ? second : first;
    }

    /** Waits until one of the two is the master, as both and the Sentinel see it, and the other one follows it. */
    public void awaitReplica() {
        Await.until("there is a master and a replica in step", () -> {
            RedisProcess master = master();
            String follower = on(other(master)).info("replication");
            return asked.master(NAME).get("flags").equals("master") // neither missed nor being replaced
                    && on(master).info("replication").contains("role:master")
                    && follower.contains("role:slave")
                    && follower.contains("master_link_status:up");
        });
    }

    /** Starts those that do not run, and waits until the two are in step. */
    public void heal() {
        for (RedisProcess each : List.of(first, second, sentinel)) {
            each.resume();
            if (!each.isAlive()) {
                each.launch();
            }
        }
        try {
            awaitReplica();
        } catch (AssertionError stuck) {
            promoteByHand();
            awaitReplica();
        }
    }

    /**
     * Makes the one that the Sentinel names the master, as an operator would. Each of the two may follow the other,
     * when a master came back before it was missed; and with links down for long the Sentinel finds no replica to
     * promote.
     */
    private void promoteByHand() {
        RedisProcess master = master();
        on(master).replicaofNoOne();
        on(other(master)).replicaof("127.0.0.1", master.port());
    }

    public void awaitMaster(RedisProcess promoted) {
        Await.until(
                "it is the master",
                () -> masterPort() == promoted.port()
                        && on(promoted).info("replication").contains("role:master"));
    }

    /** Has the Sentinel make the other one the master, as an operator would. */
    public void failOver() {
        asked.failover(NAME);
    }

    @Override
    public void close() {
        client.shutdown(0, 2, TimeUnit.SECONDS);
        sentinel.close();
        second.close();
        first.close();
    }
}
