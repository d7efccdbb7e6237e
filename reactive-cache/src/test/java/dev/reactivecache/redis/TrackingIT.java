package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.Cached.Origin;
import dev.reactivecache.Invalidation.KeyInvalidated;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.KillArgs;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A Redis that does not send keyspace notifications tracks keys instead. */
@Timeout(60)
class TrackingIT {
    /** So many loads at a time that none waits for the others for as long as a question may take. */
    private static final int FEW = 16;

    private static final String NAME = "tracked";

    private static RedisProcess withUser(String... rights) {
        return RedisProcess.start(Stream.concat(Stream.of("--user", "app", "on", ">pw"), Stream.of(rights))
                .toArray(String[]::new));
    }

    private static Node app(RedisProcess redis, ChangeSource source) {
        return Node.of(redis.uri().replace("//", "//app:pw@"), NAME, tier -> tier.changes(source), cache -> cache);
    }

    private static Node appByDefault(RedisProcess redis) {
        return Node.on(RedisTier.connect(redis.uri().replace("//", "//app:pw@")), NAME, cache -> cache);
    }

    @Test
    void userWhoMayNeitherSetNorListenIsServedByTrackingWithoutBeingAsked() {
        try (RedisProcess redis = withUser("+@all", "-config", "~rc:*", "resetchannels");
                Node a = appByDefault(redis).ready();
                Node b = appByDefault(redis).ready()) {
            a.warm("k", "v1");
            b.warm("k", "v1");
            assertThat(redis.foreigner().clientList()).contains("flags=tB");

            Node.get(a.cache.invalidate("k"));

            b.awaitValue("k", "v2");
            assertThat(a.read("k", "v2")).isEqualTo("v2");
            assertThat(a.tier.health().problem()).isNull();
        }
    }

    @Test
    void tierThatIsToListenToEventsOnlySaysWhatItLacks() {
        try (RedisProcess redis = withUser("+@all", "-config", "~rc:*", "&*");
                Node node = app(redis, ChangeSource.EVENTS)) {
            assertThatThrownBy(() -> Node.get(node.tier.ready()))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining("notify-keyspace-events");
        }
    }

    @Test
    void userWhoMayNotTrackEitherIsAnErrorThatNamesBothRemedies() {
        try (RedisProcess redis = withUser("+@all", "-config", "-client|tracking", "~rc:*", "&*");
                Node node = appByDefault(redis)) {
            Await.until("both remedies are named", () -> {
                String problem = String.valueOf(node.tier.health().problem());
                return problem.contains("CLIENT TRACKING") && problem.contains("notify-keyspace-events");
            });
            assertThat(node.originOf("k", "v")).isEqualTo(Origin.LOADER);
            assertThat(node.originOf("k", "v")).isEqualTo(Origin.REMOTE);

            // and the right to that command is all it takes
            redis.foreigner().aclSetuser("app", AclSetuserArgs.Builder.allCommands());
            node.warm("k", "v");
        }
    }

    @Test
    void trackingOfAClusterIsAnErrorAtOnce() {
        assertThatThrownBy(() -> RedisTier.builder("redis-cluster://127.0.0.1:1")
                        .changes(ChangeSource.TRACKING)
                        .connect())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Cluster");
    }

    @Test
    void whatANodeLoadsItKeepsAlthoughItIsToldOfItsOwnDoings() {
        try (RedisProcess redis = withUser("+@all", "-config", "~rc:*", "resetchannels");
                Node node = app(redis, ChangeSource.TRACKING).ready()) {
            node.warm("first", "v"); // what is asked for in a cold JVM may be too late to be stored
            node.loads.set(0);
            List<String> keys = IntStream.range(0, 300).mapToObj(i -> "k" + i).toList();
            Flux.fromIterable(keys)
                    .flatMap(key -> node.cache.getOrFetch(key, node.source("v")), FEW)
                    .blockLast(Await.LIMIT);
            node.awaitStreamCaughtUp();

            assertThat(keys)
                    .allSatisfy(
                            key -> assertThat(node.originOf(key, "never asked")).isEqualTo(Origin.LOCAL));
            assertThat(node.loads).hasValue(300);
        }
    }

    @Test
    void slowLoadIsSharedAlthoughItsRightIsRenewedAgainAndAgain() {
        try (RedisProcess redis = withUser("+@all", "-config", "~rc:*", "resetchannels");
                Node node = app(redis, ChangeSource.TRACKING).ready()) {
            Sinks.One<String> reply = Sinks.one();
            AtomicInteger loads = new AtomicInteger();
            Mono<String> source = Mono.defer(() -> {
                loads.incrementAndGet();
                return reply.asMono();
            });
            Mono<String> first = node.cache.getOrFetch("k", source).cache();
            first.subscribe();
            String key = "rc:" + NAME + ":k";
            Await.until("it has a right", () -> redis.foreigner().get(key) != null);
            String deadline = redis.foreigner().getrange(key, 21, 33);
            Await.until(
                    "it is renewed",
                    () -> !redis.foreigner().getrange(key, 21, 33).equals(deadline));
            node.awaitStreamCaughtUp();

            Mono<String> second = node.cache.getOrFetch("k", source).cache();
            second.subscribe();
            reply.tryEmitValue("v").orThrow();

            assertThat(Node.get(first)).isEqualTo("v");
            assertThat(Node.get(second)).isEqualTo("v");
            assertThat(loads).hasValue(1);
            node.awaitStreamCaughtUp();
            assertThat(node.originOf("k", "never asked")).isEqualTo(Origin.LOCAL);
        }
    }

    @Test
    void changeInTheSameCycleAsAnOwnFillIsNotTakenForIt() {
        try (RedisProcess redis = withUser("+@all", "-config", "~rc:*", "&*");
                Node node = app(redis, ChangeSource.TRACKING).ready()) {
            for (int round = 0; round < 300; round++) {
                String old = "old" + round;
                Mono<String> read = node.cache.getOrFetch("k", node.source(old)).cache();
                read.subscribe();
                redis.foreigner().del("rc:" + NAME + ":k"); // before, amid or after its lease and fill
                Node.get(read);
                String now = "new" + round;
                Await.until("what was deleted is not answered for long", () -> {
                    String inRedis = redis.foreigner().get("rc:" + NAME + ":k");
                    String answer = Node.get(node.cache.get("k"));
                    return inRedis == null ? answer == null : answer != null && inRedis.endsWith(answer);
                });
                node.awaitValue("k", Node.get(node.cache.get("k")) == null ? now : old);
                Node.get(node.cache.invalidate("k"));
            }
        }
    }

    @Test
    void subscribersAreToldOfOwnAndOthersChanges() {
        try (RedisProcess redis = withUser("+@all", "-config", "~rc:*", "resetchannels");
                Node a = app(redis, ChangeSource.TRACKING).ready();
                Node b = app(redis, ChangeSource.TRACKING).ready()) {
            Node.get(a.cache.invalidate("mine"));
            redis.foreigner().set("rc:" + NAME + ":foreign", "x");

            for (Node node : List.of(a, b)) {
                Await.until("it is reported", () -> keys(node).containsAll(List.of("mine", "foreign")));
            }
        }
    }

    private static List<String> keys(Node node) {
        return node.told.stream()
                .filter(KeyInvalidated.class::isInstance)
                .map(event -> ((KeyInvalidated<String>) event).key())
                .toList();
    }

    @Test
    void expiryEndsTheCopyAndAFlushIsAGap() {
        try (RedisProcess redis = withUser("+@all", "-config", "~rc:*", "resetchannels");
                Node node = app(redis, ChangeSource.TRACKING).ready()) {
            node.warm("k", "v1");
            redis.foreigner().pexpire("rc:" + NAME + ":k", 1);
            node.awaitValue("k", "v2");
            node.warm("k", "v2");
            long gaps = node.cache.stats().gaps();

            redis.foreigner().flushall();

            Await.until("there is a gap", () -> node.cache.stats().gaps() > gaps);
            node.awaitValue("k", "v3");
            node.ready();
            node.warm("k", "v3");
        }
    }

    @Test
    void trackingIsOnAgainAfterEachLossOfTheConnection() {
        try (RedisProcess redis = withUser("+@all", "-config", "~rc:*", "resetchannels");
                Node node = app(redis, ChangeSource.TRACKING).ready()) {
            for (int round = 0; round < 5; round++) {
                String before = "v" + round;
                String after = "v" + (round + 1);
                node.warm("k", before);
                long gaps = node.cache.stats().gaps();
                redis.foreigner()
                        .clientKill(KillArgs.Builder.typeNormal().user("app").skipme());
                redis.foreigner().clientKill(KillArgs.Builder.typePubsub().skipme());
                Await.until("it is noticed", () -> node.cache.stats().gaps() > gaps);
                node.ready();
                node.warm("k", before);

                redis.foreigner().del("rc:" + NAME + ":k");

                node.awaitValue("k", after);
            }
        }
    }
}
