package dev.reactivecache.chaos;

import dev.reactivecache.chaos.Fault.Effect;
import dev.reactivecache.redis.Await;
import dev.reactivecache.redis.ClusterGroup;
import dev.reactivecache.redis.RedisProcess;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;

/** Three masters with a replica each. Nodes know two of the six. */
final class ClusterPlace implements Place {
    private static final int REPLICAS = 3;

    private final ClusterGroup cluster = ClusterGroup.start();
    private final Stranger stranger = new Stranger();

    @Override
    public String name() {
        return "cluster";
    }

    @Override
    public String uri(int slot) {
        return cluster.uri();
    }

    @Override
    public String directUri() {
        return cluster.uri();
    }

    @Override
    public List<Fault> faults() {
        return List.of(
                new Fault("fail over", "redis", 3, Effect.FORGOTTEN, hand -> {
                    RedisProcess demoted = master(hand.random);
                    RedisProcess promoted = cluster.replicaOf(demoted);
                    cluster.on(promoted).clusterFailover(hand.random.nextBoolean());
                    Await.until("they change places", () -> isMaster(promoted) && !isMaster(demoted));
                    cluster.awaitWhole(REPLICAS);
                }),
                new Fault("kill master", "redis", 2, Effect.FORGOTTEN, hand -> {
                    RedisProcess killed = master(hand.random);
                    RedisProcess promoted = cluster.replicaOf(killed);
                    killed.kill();
                    Await.until("its replica is promoted", () -> isMaster(promoted));
                    hand.hold(0, 1_000);
                    killed.launch();
                    cluster.awaitWhole(REPLICAS);
                }),
                new Fault("freeze master", "redis", 2, Effect.FORGOTTEN, hand -> {
                    RedisProcess frozen = master(hand.random);
                    frozen.pause();
                    hand.hold(200, 4_000);
                    frozen.resume();
                    cluster.awaitWhole(REPLICAS);
                }),
                new Fault("move a slot", "redis", 4, Effect.NONE, hand -> {
                    String key = Stranger.entry(hand.random);
                    RedisProcess from = cluster.masterOf(key);
                    RedisProcess to = master(hand.random);
                    if (from != to) {
                        cluster.moveKeysOf(SlotHash.getSlot(key), from, to);
                        hand.hold(0, 1_000);
                        cluster.move(SlotHash.getSlot(key), from, to);
                    }
                }),
                deed("kill subscribers", 1, (commands, hand) -> Stranger.killSubscribers(commands)),
                deed("kill connections", 1, (commands, hand) -> Stranger.killOthers(commands)),
                deed("flush", 1, (commands, hand) -> commands.flushall()));
    }

    private RedisProcess master(Random random) {
        List<RedisProcess> masters = cluster.masters();
        return masters.get(random.nextInt(masters.size()));
    }

    private boolean isMaster(RedisProcess server) {
        return cluster.masters().contains(server);
    }

    private Fault deed(String name, int weight, BiConsumer<RedisCommands<String, String>, Fault.Hand> deed) {
        return new Fault(
                name,
                "redis",
                weight,
                Effect.NONE,
                hand -> stranger.on(master(hand.random).port(), commands -> deed.accept(commands, hand)));
    }

    @Override
    public void heal() {
        cluster.awaitWhole(REPLICAS);
    }

    @Override
    public void close() {
        stranger.close();
        cluster.close();
    }
}
