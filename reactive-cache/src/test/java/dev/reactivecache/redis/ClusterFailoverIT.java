package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.Cached.Origin;
import dev.reactivecache.Invalidation.Gap;
import dev.reactivecache.OneAtATime;
import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tiers on a Redis Cluster whose masters die, freeze, or change places with their replicas: row R10. */
@ExtendWith(OneAtATime.class)
@Timeout(90)
class ClusterFailoverIT {
    private static ClusterGroup cluster;

    private final String name = RedisServer.name();

    @BeforeAll
    static void start() {
        cluster = ClusterGroup.start();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void awaitWhole() {
        cluster.awaitWhole(3);
    }

    private Node node() {
        return Node.of(cluster.uri(), name, tier -> tier.stalenessBound(Duration.ofMillis(600)), cache -> cache)
                .ready();
    }

    private String entry(String key) {
        return "rc:" + name + ":" + key;
    }

    /** What a stranger changes on this server is seen by the node. */
    private void assertHears(Node node, RedisProcess master, String key) {
        Await.until("it is in memory", () -> node.originOf(key, "again") == Origin.LOCAL);
        assertThat(cluster.on(master).del(entry(key))).isEqualTo(1);
        node.awaitValue(key, "heard");
    }

    @Test
    void killedMasterIsReplacedByThePromotedOneAndNothingStaleIsServed() { // R10, R17
        RedisProcess killed = cluster.masters().get(0);
        RedisProcess promoted = cluster.replicaOf(killed);
        RedisProcess bystander = cluster.masters().get(1);
        String key = cluster.keyOn(killed, name, "k");
        String elsewhere = cluster.keyOn(bystander, name, "k");
        try (Node node = node()) {
            node.warm(key, "old");
            node.warm(elsewhere, "same");
            Await.until(
                    "it is replicated",
                    () -> cluster.on(promoted)
                                    .clusterGetKeysInSlot(slot(key), 1)
                                    .size()
                            == 1);

            // when its master dies, and another client changes the key as soon as the promoted one takes it
            killed.kill();
            // (the cluster refuses all commands for a while, so the source is asked, and has what it had)
            Await.until(
                    "keys of other masters are answered",
                    () -> node.look(elsewhere, "same").origin() != Origin.LOADER);
            Await.until("the promoted one takes it", () -> cluster.on(promoted).del(entry(key)) == 1);

            // then the old value is never answered again
            for (int i = 0; i < 300; i++) {
                assertThat(node.read(key, "new")).isEqualTo("new");
            }
            node.ready();
            Await.until("a gap is reported", () -> node.told.stream().anyMatch(Gap.class::isInstance));

            // and the promoted one is listened to, and the others are
            assertHears(node, promoted, key);
            assertHears(node, bystander, elsewhere);
        } finally {
            killed.launch();
        }
    }

    private int slot(String key) {
        return SlotHash.getSlot(entry(key));
    }

    @Test
    void masterThatChangesPlacesWithItsReplicaAndKeepsItsConnectionsIsLeft() {
        RedisProcess demoted = cluster.masters().get(0);
        RedisProcess promoted = cluster.replicaOf(demoted);
        String key = cluster.keyOn(demoted, name, "k");
        try (Node node = node()) {
            node.warm(key, "old");

            cluster.on(promoted).clusterFailover(false);
            Await.until(
                    "they have changed places",
                    () -> cluster.masters().contains(promoted)
                            && !cluster.masters().contains(demoted));

            assertHears(node, promoted, key);
            Await.until("a gap is reported", () -> node.told.stream().anyMatch(Gap.class::isInstance));
            node.ready();
            Await.until("nothing is said", () -> node.tier.health().problem() == null);
        }
    }

    @Test
    void frozenMasterIsReplacedAndNotBelievedWhenItThaws() {
        RedisProcess frozen = cluster.masters().get(0);
        RedisProcess promoted = cluster.replicaOf(frozen);
        String key = cluster.keyOn(frozen, name, "k");
        try (Node node = node()) {
            node.warm(key, "old");
            Await.until(
                    "it is replicated",
                    () -> cluster.on(promoted)
                                    .clusterGetKeysInSlot(slot(key), 1)
                                    .size()
                            == 1);

            // when it freezes, the promoted one is written, and it thaws
            frozen.pause();
            Await.until("the promoted one takes it", () -> cluster.on(promoted).del(entry(key)) == 1);
            for (int i = 0; i < 50; i++) {
                assertThat(node.read(key, "new")).isEqualTo("new");
            }
            frozen.resume();

            // then the promoted one is followed
            assertHears(node, promoted, key);
        } finally {
            frozen.resume();
        }
    }

    @Test
    void readsAndChangesOfSlotsWithoutAMasterWaitForNobody() {
        RedisProcess killed = cluster.masters().get(0);
        RedisProcess replica = cluster.replicaOf(killed);
        String key = cluster.keyOn(killed, name, "k");
        try (Node node = Node.of(
                        cluster.uri(),
                        name,
                        tier -> tier.stalenessBound(Duration.ofMillis(600))
                                .readTimeout(Await.LIMIT.multipliedBy(2)) // nobody would wait to see it end
                                .writeTimeout(Await.LIMIT.multipliedBy(2)),
                        cache -> cache)
                .ready()) {
            node.warm(key, "old");

            replica.kill();
            killed.kill();

            Await.until(
                    "it says so",
                    () -> String.valueOf(node.tier.health().problem()).contains("slots have no master"));
            for (int i = 0; i < 20; i++) {
                assertThat(node.originOf(key, "loaded")).isEqualTo(Origin.LOADER);
            }
            assertThatThrownBy(() -> Node.get(node.cache.invalidate(key)))
                    .isInstanceOf(RemoteTierException.class)
                    .hasMessageContaining("has no master");
        } finally {
            killed.launch();
            replica.launch();
        }
    }

    @Test
    void keysOfAMasterWithoutSuccessorAreLoadedUntilItIsBack() {
        RedisProcess killed = cluster.masters().get(0);
        RedisProcess replica = cluster.replicaOf(killed);
        String key = cluster.keyOn(killed, name, "k");
        try (Node node = node()) {
            node.warm(key, "old");

            replica.kill();
            killed.kill();

            Await.until(
                    "it says so",
                    () -> String.valueOf(node.tier.health().problem()).contains(":" + killed.port()));
            assertThat(node.originOf(key, "loaded")).isEqualTo(Origin.LOADER);
            assertThat(node.read(key, "loaded again")).isEqualTo("loaded again");

            killed.launch();
            replica.launch();
            cluster.awaitWhole(3);
            assertHears(node, cluster.masterOf(entry(key)), key);
        }
    }
}
