package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.Cached.Origin;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** Tiers on a client of the user's. */
@ExtendWith(RedisServer.Shared.class)
@Timeout(60)
class OwnClientIT {
    private final RedisServer redis;
    private final RedisURI uri;
    private final RedisClient client;
    private final String name = RedisServer.name();

    OwnClientIT(RedisServer redis) {
        this.redis = redis;
        this.uri = RedisURI.create(redis.uri());
        this.client = RedisClient.create(uri);
    }

    @AfterEach
    void shutDown() {
        client.shutdown(0, 2, TimeUnit.SECONDS);
    }

    private Node node() {
        return Node.on(
                Node.patient(RedisTier.builder(client, uri))
                        .notifications(NotificationSetup.ADD_MISSING)
                        .connect(),
                name,
                cache -> cache);
    }

    @Test
    void clientStaysOpenWhenItsTierIsClosed() {
        try (var mine = client.connect()) {
            node().ready().warm("k", "v").close();

            assertThat(mine.sync().ping()).isEqualTo("PONG");
            try (var another = client.connect()) {
                assertThat(another.sync().get("rc:" + name + ":k")).endsWith("v");
            }
            try (Node again = node().ready()) {
                assertThat(again.originOf("k", "never asked")).isEqualTo(Origin.REMOTE);
            }
        }
    }

    @Test
    void clientThatDoesNotReconnectIsRefused() {
        client.setOptions(ClientOptions.builder().autoReconnect(false).build());

        assertThatThrownBy(() -> RedisTier.connect(client, uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("autoReconnect");
    }

    @Test
    void clientThatPublishesOnASchedulerIsRefused() {
        client.setOptions(ClientOptions.builder().publishOnScheduler(true).build());

        assertThatThrownBy(() -> RedisTier.connect(client, uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("publishOnScheduler");
    }

    @Test
    void socketIsRefused() {
        RedisURI socket = RedisURI.create("redis-socket:///redis.sock");

        assertThatThrownBy(() -> RedisTier.connect(client, socket))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sockets are not supported");
    }

    @Test
    void sentinelsWithoutTheNameOfTheMasterAreRefused() {
        RedisURI nameless = RedisURI.Builder.sentinel("localhost").build();

        assertThatThrownBy(() -> RedisTier.connect(client, nameless))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sentinelMasterId");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProtocolVersion.class,
            names = {"RESP2", "RESP3"})
    void eitherProtocolCarriesCommandsEventsAndQuestions(ProtocolVersion protocol) {
        client.setOptions(ClientOptions.builder().protocolVersion(protocol).build());
        try (Node node = node().ready();
                Node other = Node.live(redis.uri(), name)) {
            node.warm("k", "v1");
            node.awaitStreamCaughtUp(); // which takes a PING on the subscribed connection

            Node.get(other.cache.writeThrough("k", Mono.just("v2")));

            Await.until("it is seen", () -> node.read("k", "never asked").equals("v2"));
            assertThat(node.loads).hasValue(1);
        }
    }

    @Test
    void clientWithoutAddressOfItsOwnIsUsedWithTheOneGiven() {
        RedisClient plain = RedisClient.create();
        try (Node node = Node.on(
                Node.patient(RedisTier.builder(plain, uri))
                        .notifications(NotificationSetup.ADD_MISSING)
                        .connect(),
                name,
                cache -> cache)) {
            node.ready().warm("k", "v");
        } finally {
            plain.shutdown(0, 2, TimeUnit.SECONDS);
        }
    }

    @Test
    void tierThatIsClosedWhileItConnectsLeavesNoConnectionBehind() {
        try (RedisProcess frozen = RedisProcess.start()) {
            var foreigner = frozen.foreigner();
            frozen.pause();
            RedisTier tier = RedisTier.connect(client, RedisURI.create(frozen.uri()));

            Node.get(tier.close());
            frozen.resume();

            Await.until(
                    "only the foreigner is connected",
                    () -> foreigner.clientList().lines().count() == 1);
            for (int i = 0; i < 50; i++) { // and nobody comes later
                assertThat(foreigner.clientList().lines()).hasSizeLessThanOrEqualTo(2);
            }
            Await.until(
                    "only the foreigner is connected",
                    () -> foreigner.clientList().lines().count() == 1);
        }
    }

    @Test
    void tierMakesItsOwnClientForWhatTheTextOfAUriCannotSay() {
        try (Node node = Node.on(
                        Node.patient(RedisTier.builder(uri, SslOptions.create()))
                                .notifications(NotificationSetup.ADD_MISSING)
                                .connect(),
                        name,
                        cache -> cache)
                .ready()) {
            assertThat(node.originOf("k", "loaded")).isEqualTo(Origin.LOADER);
        }
    }

    @Test
    void uriWithoutAHostIsRefused() {
        assertThatThrownBy(() -> RedisTier.builder(new RedisURI(), SslOptions.create()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must name the host");
        assertThatThrownBy(() -> RedisTier.clusterBuilder(List.of(), SslOptions.create()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one node");
    }
}
