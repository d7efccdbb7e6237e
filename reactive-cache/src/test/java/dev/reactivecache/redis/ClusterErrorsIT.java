package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.Cached.Origin;
import dev.reactivecache.OneAtATime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Errors of a cluster say why, in words that help and never hold a password. */
@ExtendWith(OneAtATime.class)
@Timeout(60)
class ClusterErrorsIT {
    private static final String NAME = "refused";

    private final CapturedLog log = new CapturedLog();

    @AfterEach
    void noPasswordWasLogged() {
        log.close();
        assertThat(log.lines()).noneMatch(line -> line.contains("s3cret"));
    }

    private static Node node(String uri) {
        return Node.of(uri, NAME, tier -> tier, cache -> cache);
    }

    @Test
    void rightPasswordIsAccepted() {
        try (ClusterGroup cluster = ClusterGroup.single("s3cretpw");
                Node node = node(cluster.uri()).ready()) {
            node.warm("k", "v");
            assertThat(String.valueOf(node.tier))
                    .startsWith("RedisTier[127.0.0.1:")
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void wrongPasswordIsToldAsSuch() {
        try (ClusterGroup cluster = ClusterGroup.single("another");
                Node node = node(cluster.uri().replace("another", "s3cretpw"))) {
            assertThatThrownBy(() -> Node.get(node.tier.ready()))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining("refuses the connection")
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("s3cret");
            assertThat(node.tier.health().problem()).contains("WRONGPASS").doesNotContain("s3cret");
            assertThat(node.originOf("k", "v")).isEqualTo(Origin.LOADER);
        }
    }

    @Test
    void passwordThatIsPutRightOnTheServerIsNotHeldAgainstIt() {
        try (ClusterGroup cluster = ClusterGroup.single("another");
                Node node = node(cluster.uri().replace("another", "s3cretpw"))) {
            assertThatThrownBy(() -> Node.get(node.tier.ready())).hasMessageContaining("WRONGPASS");

            RedisProcess server = cluster.masters().get(0);
            cluster.on(server).configSet("requirepass", "s3cretpw");

            node.warm("k", "v");
            node.ready();
            Await.until("nothing is said", () -> node.tier.health().problem() == null);
        }
    }

    @Test
    void serverThatIsNoClusterIsToldAsSuch() {
        try (RedisProcess redis = RedisProcess.start();
                Node node = node(redis.uri().replace("redis://", "redis-cluster://"))) {
            assertThatThrownBy(() -> Node.get(node.tier.ready()))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining("cluster support disabled");
            assertThat(node.originOf("k", "v")).isEqualTo(Origin.LOADER);
        }
    }

    @Test
    void clusterThatIsNotThereYetIsFoundWhenItIs() {
        try (RedisProcess redis = RedisProcess.prepareClusterNode();
                Node node = node(redis.uri().replace("redis://", "redis-cluster://"))) {
            Await.until("it says so", () -> node.tier.health().problem() != null);
            assertThat(node.originOf("k", "v")).isEqualTo(Origin.LOADER);

            redis.launch();
            ClusterGroup.giveAllSlots(redis.foreigner());

            node.warm("k", "v");
        }
    }
}
