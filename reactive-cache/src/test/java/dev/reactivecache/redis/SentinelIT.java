package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.Cached.Origin;
import dev.reactivecache.Invalidation.Gap;
import dev.reactivecache.OneAtATime;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tiers that Sentinels lead to their master: row R10. */
@ExtendWith(OneAtATime.class)
@Timeout(90)
class SentinelIT {
    private static final String NAME = "watched";

    private final SentinelGroup group = SentinelGroup.start();

    @AfterEach
    void stop() {
        group.close();
    }

    private Node node() {
        return Node.of(group.uri(), NAME, tier -> tier.stalenessBound(Duration.ofMillis(300)), cache -> cache)
                .ready();
    }

    private Node onlyOn(RedisProcess server) {
        return Node.live(server.uri(), NAME);
    }

    /** The node's commands and its events come from this server: what is changed there is seen. */
    private static void assertFollows(Node node, RedisProcess master) {
        Await.until("it has its fill there", () -> {
            node.warm("followed", "v");
            return master.foreigner().exists("rc:" + NAME + ":followed") == 1;
        });
        long seen = node.cache.stats().invalidations();
        master.foreigner().del("rc:" + NAME + ":followed");
        Await.until("it hears of it", () -> node.cache.stats().invalidations() > seen);
        assertThat(node.read("followed", "again")).isEqualTo("again");
    }

    @Test
    @Tag("smoke")
    void masterThatTheSentinelsNameIsUsed() {
        try (Node node = node()) {
            assertFollows(node, group.first);
            assertThat(String.valueOf(node.tier))
                    .isEqualTo("RedisTier[127.0.0.1:" + group.sentinel.port() + "#mymaster/0]");
            assertThat(node.tier.health().connected()).isTrue();
            Await.until("nothing is said", () -> node.tier.health().problem() == null);
        }
    }

    @Test
    void killedMasterIsReplacedByThePromotedOneAndNothingStaleIsServed() { // R10, R17
        try (Node node = node()) {
            // given copies of two keys
            node.warm("changed", "old");
            node.warm("unchanged", "same");
            Await.until("they are replicated", () -> group.second.entries() == 2);

            // when the master dies, and another node changes a key as soon as the promoted one can be written
            group.first.kill();
            group.awaitMaster(group.second);
            try (Node early = onlyOn(group.second)) {
                Node.get(early.cache.put("changed", "new"));

                // then the old value is never answered again
                for (int i = 0; i < 200; i++) {
                    assertThat(node.read("changed", "new")).isEqualTo("new");
                }
            }
            node.ready();
            Await.until("a gap is reported", () -> node.told.stream().anyMatch(Gap.class::isInstance));
            assertThat(node.read("unchanged", "never asked")).isEqualTo("same");

            // and the new master is listened to
            assertFollows(node, group.second);
        }
    }

    @Test
    void masterThatIsReplacedByRequestIsLeft() {
        try (Node node = node()) {
            node.warm("k", "old");
            Await.until("it is replicated", () -> group.second.entries() == 1);

            group.failOver();
            group.awaitMaster(group.second);
            try (Node early = onlyOn(group.second)) {
                Node.get(early.cache.put("k", "new"));
                Await.until("it is seen", () -> node.read("k", "new").equals("new"));
            }

            Await.until(
                    "the old master follows",
                    () -> group.first.foreigner().info("replication").contains("role:slave"));
            node.ready();
            assertFollows(node, group.second);
        }
    }

    @Test
    void masterThatTheSentinelsNoLongerNameIsLeftThoughItTakesItselfForOne() {
        try (Node node = node()) {
            node.warm("k", "old");
            Await.until("it is replicated", () -> group.second.entries() == 1);
            // given a master that nobody can demote
            group.first.foreigner().aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.SLAVEOF));

            // when another is promoted, and a node that starts then changes a key there
            group.failOver();
            group.awaitMaster(group.second);
            try (Node later = node()) {
                Node.get(later.cache.put("k", "new"));

                // then the first node sees it, and follows
                Await.until("it is seen", () -> node.read("k", "never asked").equals("new"));
                node.ready();
                assertFollows(node, group.second);
                assertThat(group.first.foreigner().info("replication")).contains("role:master");
                Await.until("nothing is said", () -> node.tier.health().problem() == null);
            }
        }
    }

    @Test
    void clientOfTheUsersFollowsAFailoverToo() {
        RedisClient client = RedisClient.create();
        try (Node node = Node.on(
                        RedisTier.builder(client, RedisURI.create(group.uri()))
                                .stalenessBound(Duration.ofMillis(300))
                                .connect(),
                        NAME,
                        cache -> cache)
                .ready()) {
            node.warm("k", "old");
            Await.until("it is replicated", () -> group.second.entries() == 1);

            group.first.kill();
            group.awaitMaster(group.second);

            Await.until("memory answers", () -> node.originOf("k", "never asked") == Origin.LOCAL);
            assertFollows(node, group.second);
        } finally {
            client.shutdown(0, 2, TimeUnit.SECONDS);
        }
    }

    @Test
    void nameThatTheSentinelsDoNotKnowIsTold() {
        try (Node node = Node.of(group.uri().replace("mymaster", "stranger"), NAME, tier -> tier, cache -> cache)) {
            Await.until("it says so", () -> node.tier.health().problem() != null);
            assertThat(node.tier.health().problem()).contains("stranger");
            assertThat(node.originOf("k", "v")).isEqualTo(Origin.LOADER);
        }
    }

    @Test
    void sentinelThatIsTakenForARedisIsToldAsSuch() {
        try (Node node = Node.of(group.sentinel.uri(), NAME, tier -> tier, cache -> cache)) {
            assertThatThrownBy(() -> Node.get(node.tier.ready()))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining("redis-sentinel://");
        }
    }
}
