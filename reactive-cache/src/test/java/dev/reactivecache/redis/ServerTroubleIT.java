package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.CacheHealth.Status;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.Invalidation.Cause;
import dev.reactivecache.Invalidation.Gap;
import dev.reactivecache.Invalidation.KeyInvalidated;
import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.KillArgs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Redis frozen, killed, not there yet, slow, full, read-only: rows R7 and R19. Reads go on, and all comes back. */
@Timeout(60)
class ServerTroubleIT {
    private static final String NAME = "trouble";

    private static Node node(String uri) {
        return Node.of(uri, NAME, tier -> tier.stalenessBound(Duration.ofMillis(300)), cache -> cache);
    }

    @Test
    void frozenRedisStopsAnswersFromMemoryAndTheLoaderAnswersUntilItThaws() {
        try (RedisProcess redis = RedisProcess.start();
                Node node = node(redis.uri()).ready()) {
            node.warm("k", "v1");

            // when it freezes, with every connection open
            redis.pause();

            // then memory stops to answer, and the loader does
            Await.until("the loader answers", () -> node.originOf("k", "v2") == Origin.LOADER);
            assertThat(node.read("another", "v")).isEqualTo("v");
            assertThatThrownBy(() -> Node.get(node.cache.invalidate("k"))).isInstanceOf(RemoteTierException.class);
            Await.until("the gap is noticed", () -> node.cache.health().status() != Status.UP);

            // and when it thaws, all is as before
            redis.resume();
            node.ready();
            Await.until("memory answers", () -> node.originOf("k", "v3") == Origin.LOCAL);
            Await.until("a gap is reported", () -> node.told.stream().anyMatch(Gap.class::isInstance));
            Await.until("it is well", () -> node.cache.health().status() == Status.UP);
        }
    }

    @Test
    void silenceBeyondTheBoundShowsInTheHealthBeforeTheConnectionIsGivenUp() {
        try (RedisProcess redis = RedisProcess.start();
                Node node = Node.of(
                                redis.uri(), NAME, tier -> tier.stalenessBound(Duration.ofSeconds(2)), cache -> cache)
                        .ready()) {
            redis.pause();

            Await.until("it says so", () -> node.tier.health().problem() != null);

            assertThat(node.tier.health().problem()).containsPattern("has been silent for PT[2-9]\\.");
            assertThat(node.cache.health().status()).isEqualTo(Status.DEGRADED);
            assertThat(node.cache.stats().gaps()).as("gaps yet").isZero();
            redis.resume();
            Await.until("it is up again", () -> node.cache.health().status() == Status.UP);
        }
    }

    @Test
    void killedRedisThatComesBackEmptyIsUsedAgain() { // R19
        try (RedisProcess redis = RedisProcess.start();
                Node node = node(redis.uri()).ready()) {
            node.warm("k", "v1");

            redis.kill();
            Await.until("it is missed", () -> !node.tier.health().streamLive());
            for (int i = 0; i < 10; i++) {
                assertThat(node.look("k", "v2")).satisfies(answer -> {
                    assertThat(answer.value()).isEqualTo("v2");
                    assertThat(answer.origin()).isEqualTo(Origin.LOADER);
                });
            }
            Await.until("both connections are missed", () -> node.cache.health().status() == Status.DISCONNECTED);
            assertThatThrownBy(() -> Node.get(node.cache.put("k", "v2")))
                    .isInstanceOf(RemoteTierException.class)
                    .hasMessageContaining("127.0.0.1:" + redis.port());

            redis.launch();
            node.ready();
            node.warm("k", "v3");
            assertThat(node.read("k", "v4")).isEqualTo("v3");
            assertThat(redis.foreigner().get("rc:" + NAME + ":k")).endsWith("v3");
        }
    }

    @Test
    void redisThatIsNotThereAtTheStartIsUsedOnceItIs() { // R19
        try (RedisProcess redis = RedisProcess.prepare();
                Node node = node(redis.uri())) {
            assertThat(node.look("k", "v1").origin()).isEqualTo(Origin.LOADER);
            assertThat(Node.get(node.cache.get("k"))).isNull();
            assertThatThrownBy(() -> Node.get(node.cache.invalidate("k"))).isInstanceOf(RemoteTierException.class);
            AtomicInteger writes = new AtomicInteger();
            assertThatThrownBy(() -> Node.get(
                            node.cache.writeThrough("k", Mono.fromSupplier(() -> "w" + writes.incrementAndGet()))))
                    .isInstanceOf(RemoteTierException.class);
            assertThat(writes).as("writes to the source").hasValue(0);
            assertThat(node.cache.health().status()).isEqualTo(Status.DISCONNECTED);
            Await.until("it says so", () -> node.tier.health().problem() != null);
            assertThat(node.tier.health().problem()).contains("cannot connect");

            redis.launch();
            node.ready();

            node.warm("k", "v2");
            Await.until("it is well", () -> node.cache.health().status() == Status.UP);
            Await.until("nothing is said", () -> node.tier.health().problem() == null);
        }
    }

    @Test
    void redisThatAnswersTooLateIsNotWaitedFor() { // R19
        try (RedisProcess redis = RedisProcess.start();
                TcpProxy wire = TcpProxy.to(redis);
                Node node = Node.of(
                                wire.uri(),
                                NAME,
                                tier -> tier.readTimeout(Duration.ofMillis(50)).writeTimeout(Duration.ofMillis(100)),
                                cache -> cache)
                        .ready()) {
            node.read("k", "v1");
            wire.commandReplies().shut();

            assertThat(node.look("cold", "v2")).satisfies(answer -> {
                assertThat(answer.value()).isEqualTo("v2");
                assertThat(answer.origin()).isEqualTo(Origin.LOADER);
            });
            assertThatThrownBy(() -> Node.get(node.cache.invalidate("cold")))
                    .isInstanceOf(RemoteTierException.class)
                    .hasMessageContaining("no answer within PT0.1S");

            wire.commandReplies().open();
            node.ready();
            node.warm("cold", "v3");
        }
    }

    @Test
    void rightToFillThatWasGrantedTooLateIsGivenBack() throws Exception {
        try (RedisProcess redis = RedisProcess.start();
                Node node = node(redis.uri()).ready()) {
            // given a server that knows the scripts, answers reads, and keeps scripts waiting
            node.read("another", "v");
            redis.say("CLIENT PAUSE 60000 WRITE");

            // when a read gives up asking for the right to fill, which it then gets
            assertThat(node.read("k", "v1")).isEqualTo("v1");
            redis.say("CLIENT UNPAUSE");
            Await.until(
                    "the server works", () -> redis.foreigner().set("x", "y").equals("OK"));

            // then it does not keep others from filling
            Await.until("the next loads and fills", () -> node.originOf("k", "v2") == Origin.LOCAL);
            assertThat(redis.foreigner().get("rc:" + NAME + ":k")).startsWith("rc2V");
        }
    }

    @Test
    void fullRedisStillTakesInvalidationsAndReadsLoad() { // R19
        try (RedisProcess redis = RedisProcess.start("--maxmemory-policy", "noeviction");
                Node node = node(redis.uri()).ready();
                Node other = node(redis.uri()).ready()) {
            node.warm("k", "v1");
            other.warm("k", "v1");
            redis.foreigner().set("big", "x".repeat(2_000_000));
            redis.foreigner().configSet("maxmemory", "1mb");

            // then what is there is read, what is not there is loaded, and nothing more is stored
            assertThat(other.read("k", "never asked")).isEqualTo("v1");
            assertThat(node.look("cold", "v")).satisfies(answer -> {
                assertThat(answer.value()).isEqualTo("v");
                assertThat(answer.origin()).isEqualTo(Origin.LOADER);
            });
            assertThat(redis.foreigner().exists("rc:" + NAME + ":cold")).isZero();

            // and an invalidation works, of a key that is there and of one that is not
            Node.get(node.cache.invalidate("k"));
            assertThat(redis.foreigner().exists("rc:" + NAME + ":k")).isZero();
            other.awaitValue("k", "v2");
            long seen = other.cache.stats().invalidations();
            Node.get(node.cache.invalidate("nothing there"));
            Await.until("word of it comes", () -> other.cache.stats().invalidations() > seen);

            // and so does a write, which may leave the key absent
            assertThat(Node.get(node.cache.writeThrough("k", Mono.just("v3")))).isEqualTo("v3");
            Await.until("it is seen", () -> other.read("k", "v3").equals("v3"));

            redis.foreigner().configSet("maxmemory", "0");
            node.warm("cold", "v");
        }
    }

    @Test
    void fullRedisTakesNeitherWhatIsPutNorWhatIsWrittenAndLeavesTheKeysAbsent() {
        try (CapturedLog log = new CapturedLog();
                RedisProcess redis = RedisProcess.start("--maxmemory-policy", "noeviction");
                Node node = node(redis.uri()).ready();
                Node other = node(redis.uri()).ready()) {
            node.warm("k", "v1");
            other.warm("k", "v1");
            redis.foreigner().set("big", "x".repeat(2_000_000));
            redis.foreigner().configSet("maxmemory", "1mb");

            // when a value is put, then that is an error, and nobody has the old one
            assertThatThrownBy(() -> Node.get(node.cache.put("k", "v2"))).isInstanceOf(RemoteTierException.class);
            other.awaitValue("k", "v2");
            assertThat(redis.foreigner().exists("rc:" + NAME + ":k")).isZero();
            assertThat(node.tier.health().problem()).contains("it is full");

            // and a write is done, and its value is not stored
            assertThat(Node.get(node.cache.writeThrough("k", Mono.just("v3")))).isEqualTo("v3");
            other.awaitValue("k", "v3");
            assertThat(redis.foreigner().exists("rc:" + NAME + ":k")).isZero();
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("it is full"))
                    .as("at most once for each node")
                    .hasSizeBetween(1, 2);
        }
    }

    @Test
    void fullRedisIsToldInTheHealthAndOnceInTheLogUntilThereIsRoom() {
        try (CapturedLog log = new CapturedLog();
                RedisProcess redis = RedisProcess.start("--maxmemory-policy", "noeviction");
                Node node = node(redis.uri()).ready()) {
            redis.foreigner().set("big", "x".repeat(2_000_000));
            redis.foreigner().configSet("maxmemory", "1mb");

            for (int i = 0; i < 20; i++) {
                assertThat(node.originOf("cold" + i, "v")).isEqualTo(Origin.LOADER);
            }

            assertThat(node.cache.health().status()).isEqualTo(Status.DEGRADED);
            assertThat(node.tier.health().problem()).contains("it is full", "maxmemory");
            assertThat(node.tier.health().streamLive()).isTrue();
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("it is full"))
                    .hasSize(1);

            redis.foreigner().configSet("maxmemory", "0");
            node.warm("cold", "v");
            assertThat(node.tier.health().problem()).isNull();
            assertThat(node.cache.health().status()).isEqualTo(Status.UP);
        }
    }

    @Test
    void replicaIsNotReadAndToldAsSuch() { // R19
        try (RedisProcess master = RedisProcess.start();
                RedisProcess replica = RedisProcess.start("--replicaof", "127.0.0.1", "" + master.port());
                Node writer = node(master.uri()).ready()) {
            writer.warm("k", "v1");
            Await.until("it is replicated", () -> replica.foreigner().exists("rc:" + NAME + ":k") == 1);
            try (Node node = node(replica.uri())) {
                assertThatThrownBy(() -> Node.get(node.tier.ready()))
                        .isInstanceOf(RedisConfigurationException.class)
                        .hasMessageContaining("it is a replica: give the address of its master");
                assertThat(node.originOf("k", "v2")).isEqualTo(Origin.LOADER);
                assertThatThrownBy(() -> Node.get(node.cache.invalidate("k")))
                        .isInstanceOf(RemoteTierException.class)
                        .hasMessageContaining("it is a replica");

                // and once it is promoted it is used
                replica.foreigner().replicaofNoOne();
                node.warm("k", "v1");
            }
        }
    }

    @Test
    void masterThatIsDemotedAndKeepsItsConnectionsIsNoticed() {
        try (RedisProcess first = RedisProcess.start();
                RedisProcess second = RedisProcess.start();
                Node node = node(first.uri()).ready()) {
            node.warm("k", "v1");

            // when it becomes the replica of another
            first.foreigner().replicaof("127.0.0.1", second.port());

            // then nothing is answered from it, nor from memory
            Await.until("it is noticed", () -> node.originOf("k", "v2") == Origin.LOADER);
            Await.until(
                    "it says so",
                    () -> String.valueOf(node.tier.health().problem()).contains("replica"));
            Await.until("a gap is reported", () -> node.told.stream().anyMatch(Gap.class::isInstance));

            // and when it is the master again, all is as before
            first.foreigner().replicaofNoOne();
            node.warm("k", "v3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLUSHALL", "FLUSHDB", "SWAPDB"})
    void flushIsNoticedAlthoughRedisTellsNobody(String command) { // R17, in part
        try (RedisProcess redis = RedisProcess.start();
                Node node = node(redis.uri()).ready();
                Node other = node(redis.uri()).ready()) {
            node.warm("k", "v1");
            other.warm("k", "v1");
            Await.until("the guard is there", () -> redis.foreigner().exists("rc::guard") == 1);
            Stream.of(node, other, node, other).forEach(Node::awaitStreamCaughtUp); // time enough to have looked at it

            switch (command) {
                case "FLUSHALL" -> redis.foreigner().flushall();
                case "FLUSHDB" -> redis.foreigner().flushdb();
                default -> redis.foreigner().swapdb(0, 1);
            }

            node.awaitValue("k", "v2");
            other.awaitValue("k", "v2");
            Await.until("a gap is reported", () -> node.told.stream().anyMatch(Gap.class::isInstance));
            node.warm("k", "v2");
        }
    }

    @Test
    void eventsOfAnotherServerThanTheCommandsAreNotTrusted() {
        try (RedisProcess first = RedisProcess.start();
                RedisProcess second = RedisProcess.start();
                TcpProxy address = TcpProxy.to(first);
                Node node = node(address.uri()).ready();
                Node other = node(second.uri()).ready()) {
            node.warm("k", "v1");

            // when the address moves, and only commands are connected anew
            address.leadTo(second);
            address.cut(TcpProxy.Kind.COMMANDS);
            Await.until(
                    "commands go to the second",
                    () -> node.originOf("new", "v") == Origin.LOCAL
                            && second.foreigner().exists("rc:" + NAME + ":new") == 1);
            Node.get(other.cache.put("new", "changed"));

            // then the events are made to follow
            node.awaitValue("new", "changed");
            Await.until("a gap is reported", () -> node.told.stream().anyMatch(Gap.class::isInstance));
            node.awaitValue("k", "v1");
        }
    }

    @Test
    void killedSubscriptionsAreRenewedWhileOthersWrite() { // R7
        try (RedisProcess redis = RedisProcess.start();
                Node reader = node(redis.uri()).ready();
                Node writer = node(redis.uri()).ready()) {
            for (int version = 1; version <= 100; version++) {
                String value = "v" + version;
                Node.get(writer.cache.put("k", value));
                if (version % 10 == 5) {
                    redis.foreigner().clientKill(KillArgs.Builder.typePubsub());
                }
                reader.read("k", "never asked");
            }
            reader.ready();
            Await.until(
                    "the last is read", () -> reader.read("k", "never asked").equals("v100"));
            reader.warm("k", "never asked");
            assertThat(reader.cache.stats().gaps()).isGreaterThan(0);
            assertThat(reader.loads).as("loads").hasValue(0);
        }
    }

    @Test
    void nodeThatRedisDropsForReadingItsStreamTooSlowlyAnswersNothingOld() { // half-open
        try (RedisProcess redis = RedisProcess.start("--client-output-buffer-limit", "pubsub 64kb 0 0");
                TcpProxy wire = TcpProxy.to(redis);
                Node slow = node(wire.uri()).ready();
                Node writer = node(redis.uri()).ready()) {
            slow.warm("k", "v1");

            // given a node whose stream stands still, while there is more to tell than Redis keeps for anybody
            wire.events().shut();
            byte[] channel = new KeyLayout("").fillsChannel("0");
            String much = "x".repeat(1_000_000);
            Await.until("Redis has dropped it", () -> {
                redis.foreigner().publish(new String(channel, StandardCharsets.US_ASCII), much);
                return !redis.foreigner().info("stats").contains("client_output_buffer_limit_disconnections:0");
            });
            Node.get(writer.cache.put("k", "v2"));

            // when what was announced to it comes, and then the end
            wire.events().open();

            // then
            Await.until("a gap is reported", () -> slow.told.stream().anyMatch(Gap.class::isInstance));
            assertThat(slow.read("k", "never asked")).isEqualTo("v2");
            slow.warm("k", "never asked");
        }
    }

    @Test
    void evictedKeyLeavesTheMemoryOfEveryNode() { // R17, in part
        try (RedisProcess redis = RedisProcess.start("--maxmemory-policy", "allkeys-lru");
                Node node = node(redis.uri()).ready();
                Node other = node(redis.uri()).ready()) {
            node.warm("k", "v1");
            other.warm("k", "v1");

            redis.foreigner().configSet("maxmemory", "1");
            Await.until("it is evicted", () -> redis.foreigner().exists("rc:" + NAME + ":k") == 0);
            redis.foreigner().configSet("maxmemory", "0");

            for (Node each : List.of(node, other)) {
                Await.until("it is reported", () -> each.told.contains(new KeyInvalidated<>("k", Cause.EVICTED)));
                each.awaitValue("k", "v2");
            }
        }
    }
}
