package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.CacheHealth.Status;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.OnUnreachable;
import dev.reactivecache.UncertainWriteException;
import dev.reactivecache.redis.TcpProxy.Kind;
import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.CopyArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;

/**
 * G10 with real outages: node {@code far} reaches Redis over a wire that the test cuts, node {@code near} directly.
 * What far could not announce is announced when it can be, and far serves no older copy until then.
 */
@Timeout(60)
class RecoveryIT {
    private static final String NAME = "recovery";

    private final RedisProcess redis = RedisProcess.start();
    private final TcpProxy wire = TcpProxy.to(redis);
    private final Node near = Node.live(redis.uri(), NAME);
    private final Node far = far(OnUnreachable.WRITE_AND_RECOVER).ready();

    private Node far(OnUnreachable policy) {
        return Node.of(
                wire.uri(),
                NAME,
                tier -> tier.stalenessBound(Duration.ofMillis(300)).writeTimeout(Duration.ofSeconds(2)),
                cache -> cache.onUnreachable(policy));
    }

    @AfterEach
    void stop() {
        wire.refuse(false);
        far.close();
        near.close();
        wire.close();
        redis.close();
    }

    private void cutWire() {
        wire.refuse(true);
        wire.cutAll();
    }

    private void cutOff() {
        cutWire();
        Await.until(
                "far misses Redis",
                () -> !far.tier.health().streamLive() && !far.tier.health().connected());
    }

    private void assertInvalidationFails(String key) {
        assertThatThrownBy(() -> Node.get(far.cache.invalidate(key)))
                .isInstanceOf(RemoteTierException.class)
                .hasMessageContaining("key " + key + " is kept");
    }

    private void awaitRecovered(Node node) {
        Await.until("nothing is pending", () -> node.cache.health().recovery().pending() == 0);
    }

    @Test
    void anInvalidationLostInAnOutageIsMadeAfterIt() {
        near.warm("k", "old");
        far.warm("k", "old");
        cutOff();

        assertInvalidationFails("k");

        assertThat(near.read("k", "new")).as("near cannot know").isEqualTo("old");
        assertThat(far.cache.health().recovery().pending()).isEqualTo(1);
        wire.refuse(false);
        near.awaitValue("k", "new");
        far.awaitValue("k", "new");
        awaitRecovered(far);
        assertThat(far.cache.stats().recovered()).isEqualTo(1);
        far.ready();
        Await.until("far is well", () -> far.cache.health().status() == Status.UP);
    }

    @Test
    void whatRedisHasOfAPendingKeyIsNotServedThoughRedisCanBeRead() throws Exception {
        near.warm("k", "old");
        far.warm("k", "old");

        // when Redis answers reads, and no scripts
        redis.say("CLIENT PAUSE 60000 WRITE");
        assertInvalidationFails("k");

        // then far loads what near may still read
        assertThat(near.read("k", "new")).isEqualTo("old");
        assertThat(far.originOf("k", "new")).isEqualTo(Origin.LOADER);
        assertThat(far.originOf("k", "newer")).isEqualTo(Origin.LOADER);
        assertThat(Node.get(far.cache.get("k"))).isNull();
        assertThat(far.cache.health().status()).isEqualTo(Status.DEGRADED);

        redis.say("CLIENT UNPAUSE");
        awaitRecovered(far);
        near.awaitValue("k", "new");
    }

    @Test
    void anInvalidationIsMadeOnceAFrozenRedisThaws() {
        near.warm("k", "old");
        redis.pause();
        assertInvalidationFails("k");

        redis.resume();

        awaitRecovered(far);
        near.awaitValue("k", "new");
    }

    @Test
    void anInvalidationIsMadeOnceAReadOnlyRedisTakesWrites() {
        near.warm("k", "old");
        redis.foreigner().configSet("replica-serve-stale-data", "yes");
        redis.foreigner().replicaof("127.0.0.1", 1);
        assertInvalidationFails("k");
        assertThat(far.originOf("k", "new")).isEqualTo(Origin.LOADER);

        redis.foreigner().replicaofNoOne();

        awaitRecovered(far);
        near.awaitValue("k", "new");
    }

    @Test
    void thousandsAreMadeAfterAnOutage() {
        List<String> keys = IntStream.range(0, 3_000).mapToObj(i -> "k" + i).toList();
        keys.forEach(key -> Node.get(near.cache.put(key, "old")));
        cutOff();
        assertThatThrownBy(() -> Node.get(far.cache.invalidateAll(keys))).isInstanceOf(RemoteTierException.class);
        assertThat(far.cache.health().recovery().pending()).isEqualTo(3_000);

        wire.refuse(false);
        far.ready();

        awaitRecovered(far);
        assertThat(redis.entries()).as("entries left").isZero();
    }

    @Test
    void aWriteDuringAnOutageReachesTheSourceAndTheTiersAfterIt() {
        near.warm("k", "old");
        cutOff();

        assertThat(Node.get(far.cache.writeThrough("k", far.source("new")))).isEqualTo("new");

        assertThat(far.loads).as("writes to the source").hasValue(1);
        assertThat(far.read("k", "new")).isEqualTo("new");
        wire.refuse(false);
        near.awaitValue("k", "new");
        awaitRecovered(far);
    }

    @Test
    void theEndOfAWriteThatTheOutageCutsOffIsMadeAfterIt() {
        near.warm("k", "old");

        Mono<String> write = far.source("new").doOnNext(written -> cutWire());
        assertThatThrownBy(() -> Node.get(far.cache.writeThrough("k", write)))
                .isInstanceOf(UncertainWriteException.class)
                .hasMessageContaining("is kept");

        wire.refuse(false);
        awaitRecovered(far);
        near.awaitValue("k", "new");
        near.warm("k", "new");
    }

    @Test
    void aPromotedReplicaIsToldWhatItMayHaveMissed() {
        try (RedisProcess replica = RedisProcess.start("--replicaof", "127.0.0.1", "" + redis.port())) {
            // given a replica that missed an invalidation, a write and a delete that the master acknowledged
            List<String> missed = List.of("invalidated", "written", "deleted");
            missed.forEach(key -> far.warm(key, "old"));
            far.warm("untouched", "old");
            Await.until("it is replicated", () -> replica.entries() == 4);
            replica.foreigner().replicaofNoOne();
            Node.get(far.cache.invalidate("invalidated"));
            Node.get(far.cache.writeThrough("written", Mono.just("new")));
            Node.get(far.cache.deleteThrough("deleted", Mono.empty()));

            // when it takes over
            wire.leadTo(replica);
            wire.cutAll();

            // then what came back with it goes
            Await.until("it is reported", () -> replica.entries() == 1);
            assertThat(replica.foreigner().exists("rc:" + NAME + ":untouched")).isEqualTo(1);
            awaitRecovered(far);
            missed.forEach(key -> far.awaitValue(key, "new"));
        }
    }

    @Test
    void whatAPromotedReplicaMayHaveMissedIsNotReadFromItBeforeItIsTold() {
        try (RedisProcess replica = RedisProcess.start("--replicaof", "127.0.0.1", "" + redis.port())) {
            // given a replica that missed an invalidation
            far.warm("k", "old");
            Await.until("it is replicated", () -> replica.entries() == 1);
            replica.foreigner().replicaofNoOne();
            Node.get(far.cache.invalidate("k"));

            // when it takes over, and can be read, but not written, and its stream is not there yet
            wire.subscriptions().shut();
            replica.foreigner().aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.DEL));
            wire.leadTo(replica);
            wire.cutAll();
            Await.until("it can be read", () -> far.tier.health().connected());

            // then the old value is not answered
            for (int i = 0; i < 50; i++) {
                assertThat(far.read("k", "new")).isEqualTo("new");
            }
            assertThat(replica.foreigner().exists("rc:" + NAME + ":k")).isEqualTo(1);

            replica.foreigner().aclSetuser("default", AclSetuserArgs.Builder.allCommands());
            wire.subscriptions().open();
            Await.until("it is reported", () -> replica.entries() == 0);
        }
    }

    @Test
    void dataThatTakeTheOthersPlaceAreToldWhatTheyMayHaveMissed() {
        // given another data set that missed an invalidation
        String key = "rc:" + NAME + ":k";
        far.warm("k", "old");
        redis.foreigner().copy(key, key, CopyArgs.Builder.destinationDb(1));
        Node.get(far.cache.invalidate("k"));

        redis.foreigner().swapdb(0, 1);

        Await.until("it is reported", () -> redis.foreigner().exists(key) == 0);
        awaitRecovered(far);
        far.awaitValue("k", "new");
    }

    @Test
    void theSameServerIsNotToldAgain() {
        Node.get(far.cache.invalidate("k"));
        near.read("k", "v");
        long gaps = far.cache.stats().gaps();

        wire.cut(Kind.EVENTS);
        wire.cut(Kind.COMMANDS);
        Await.until("far notices", () -> far.cache.stats().gaps() > gaps);
        far.ready();
        far.awaitStreamCaughtUp();

        assertThat(far.cache.stats().recovered()).isZero();
        assertThat(redis.foreigner().exists("rc:" + NAME + ":k")).isEqualTo(1);
    }

    @Test
    void aServerThatDoesNotTellWhichItIsIsToldAgain() {
        redis.foreigner().aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.INFO));
        try (Node silent = far(OnUnreachable.REFUSE_WRITE).ready()) {
            Node.get(silent.cache.invalidate("k"));
            near.read("k", "v");

            wire.cut(Kind.EVENTS);

            near.awaitValue("k", "v2");
        }
    }

    @Test
    void closingSaysHowManyInvalidationsAreLost() {
        try (CapturedLog log = new CapturedLog();
                Node node = far(OnUnreachable.REFUSE_WRITE)) {
            node.ready();
            cutOff();
            assertThatThrownBy(() -> Node.get(node.cache.invalidateAll(List.of("a", "b"))))
                    .isInstanceOf(RemoteTierException.class);

            Node.get(node.cache.close());

            assertThat(log.lines())
                    .anySatisfy(line ->
                            assertThat(line).contains("cache '" + NAME + "' is closed with 2 keys whose invalidation"));
            assertThat(node.cache.stats().lost()).isEqualTo(2);
        }
    }
}
