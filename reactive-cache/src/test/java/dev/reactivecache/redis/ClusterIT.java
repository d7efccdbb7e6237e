package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.Awaiting;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.EntryOptions;
import dev.reactivecache.InvalidationReceipt.AppliedEverywhere;
import dev.reactivecache.OneAtATime;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

/** Tiers on a Redis Cluster whose masters stay alive, and whose slots move. */
@ExtendWith(OneAtATime.class)
@Timeout(90)
class ClusterIT {
    private static ClusterGroup cluster;

    private final String name = RedisServer.name();

    @BeforeAll
    static void start() {
        cluster = ClusterGroup.lasting();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private Node node() {
        return Node.of(cluster.uri(), name, tier -> tier.stalenessBound(Duration.ofMillis(600)), cache -> cache)
                .ready();
    }

    private String entry(String key) {
        return "rc:" + name + ":" + key;
    }

    @Test
    void deletionByHandOnAnyMasterIsSeenByEveryNode() {
        try (Node one = Node.live(cluster.uri(), name);
                Node two = Node.live(cluster.uri(), name)) {
            for (RedisProcess master : cluster.masters()) {
                String key = cluster.keyOn(master, name, "k");
                one.warm(key, "old");
                two.warm(key, "never asked");

                cluster.on(master).del(entry(key));

                one.awaitValue(key, "new");
                two.awaitValue(key, "new");
            }
            assertThat(one.tier.health().connected()).isTrue();
            assertThat(one.tier.health().streamLive()).isTrue();
            assertThat(one.tier.health().problem()).isNull();
            assertThat(one.cache.stats().gaps()).isZero();
        }
    }

    @Test
    void tagsPrefixesAndClearReachKeysOnEveryMaster() {
        try (Node one = node();
                Node two = node()) {
            List<String> keys = cluster.masters().stream()
                    .map(master -> cluster.keyOn(master, name, "tagged"))
                    .toList();
            Consumer<Mono<?>> voids = act -> {
                for (String key : keys) {
                    Node.get(one.cache.put(key, "old", EntryOptions.defaults().withTags("red")));
                    two.warm(key, "old");
                }
                Node.get(act);
                two.awaitStreamCaughtUp();
                assertThat(keys).allSatisfy(key -> {
                    assertThat(Node.get(one.cache.get(key))).isNull();
                    assertThat(Node.get(two.cache.get(key))).isNull();
                });
            };

            voids.accept(one.cache.invalidateTag("red", Awaiting.everyNode(Duration.ofSeconds(10))));
            voids.accept(one.cache.clear(Awaiting.everyNode(Duration.ofSeconds(10))));
            voids.accept(one.cache.invalidatePrefix("tagged"));
        }
    }

    @Test
    void flushOfOneMasterIsNoticed() { // R17
        try (Node node = node()) {
            for (RedisProcess master : cluster.masters()) {
                String key = cluster.keyOn(master, name, "flushed");
                node.warm(key, "old");

                cluster.on(master).flushall();

                node.awaitValue(key, "new");
            }
        }
    }

    @Test
    void fillIsKeptByTheNodeThatMadeItWhicheverMasterHasIt() {
        try (Node node = Node.live(cluster.uri(), name)) {
            for (RedisProcess master : cluster.masters()) {
                String key = cluster.keyOn(master, name, "filled");

                assertThat(node.originOf(key, "v")).isEqualTo(Origin.LOADER);
                node.awaitStreamCaughtUp();

                assertThat(node.originOf(key, "never asked")).isEqualTo(Origin.LOCAL);
            }
        }
    }

    @Test
    @Tag("smoke")
    void writeOfOneNodeIsReadByTheOther() {
        try (Node one = node();
                Node two = node()) {
            for (RedisProcess master : cluster.masters()) {
                String key = cluster.keyOn(master, name, "written");
                two.warm(key, "old");

                Node.get(one.cache.writeThrough(key, Mono.just("new")));

                Await.until("it is seen", () -> two.read(key, "never asked").equals("new"));
            }
        }
    }

    @Test
    void receiptTellsThatEveryNodeHasAppliedAnInvalidationWhicheverMasterHasTheKey() {
        try (Node one = node();
                Node two = node()) {
            for (RedisProcess master : cluster.masters()) {
                String key = cluster.keyOn(master, name, "receipt");
                two.warm(key, "old");

                assertThat(Node.get(one.cache.invalidate(key, Awaiting.everyNode(Await.LIMIT))))
                        .isEqualTo(new AppliedEverywhere(2));

                assertThat(two.read(key, "new")).isEqualTo("new");
            }
        }
    }

    @Test
    void slotThatMovesWhileItsKeysAreReadAndWrittenLosesNothing() throws Exception { // R17
        RedisProcess from = cluster.masters().get(0);
        RedisProcess to = cluster.masters().get(1);
        String key = cluster.keyOn(from, name, "moving");
        int slot = SlotHash.getSlot(entry(key));
        try (Node one = node();
                Node two = node()) {
            // given a source, a node that writes to it and reads what it wrote, and another that reads
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger source = new AtomicInteger();
            Mono<String> load = Mono.fromSupplier(() -> "v" + source.get());
            Mono<String> write = Mono.fromSupplier(() -> "v" + source.incrementAndGet());
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread writer = new Thread(() -> {
                try {
                    while (!stop.get()) {
                        String written = Node.get(one.cache.writeThrough(key, write));
                        assertThat(Node.get(one.cache.getOrFetch(key, load))).isEqualTo(written);
                    }
                } catch (Throwable thrown) {
                    failure.set(thrown);
                }
            });
            Thread reader = new Thread(() -> {
                try {
                    while (!stop.get()) {
                        Node.get(two.cache.getOrFetch(key, load));
                    }
                } catch (Throwable thrown) {
                    failure.set(thrown);
                }
            });
            writer.start();
            reader.start();

            // when the slot moves, back and forth
            for (int i = 0; i < 3; i++) {
                cluster.move(slot, from, to);
                int before = source.get();
                Await.until("writes go on", () -> failure.get() != null || source.get() > before + 20);
                cluster.move(slot, to, from);
            }
            stop.set(true);
            writer.join();
            reader.join();

            // then nothing was lost, and both follow it still
            if (failure.get() != null) {
                throw new AssertionError(failure.get());
            }
            Await.until(
                    "the last is seen",
                    () -> Node.get(two.cache.getOrFetch(key, load)).equals("v" + source.get()));
            one.warm(key, "never asked");
            two.warm(key, "never asked");
            cluster.on(from).del(entry(key));
            one.awaitValue(key, "end");
            two.awaitValue(key, "end");
        }
    }

    @Test
    void masterThatJoinsIsListenedToOnceItHasASlot() {
        RedisProcess from = cluster.masters().get(2);
        String key = cluster.keyOn(from, name, "joining");
        int slot = SlotHash.getSlot(entry(key));
        try (Node node = node()) {
            node.warm(key, "old");
            RedisProcess joined = cluster.join();

            // when it gets a slot, and a stranger changes a key there
            cluster.move(slot, from, joined);
            assertThat(node.read(key, "never asked")).isEqualTo("old");
            cluster.on(joined).del(entry(key));

            // then that is seen, and memory answers
            node.awaitValue(key, "new");
            node.warm(key, "never asked");
            cluster.on(joined).del(entry(key));
            node.awaitValue(key, "newer");

            // and when it is emptied, it is left
            cluster.move(slot, joined, from);
            node.warm(key, "never asked");
            cluster.leave(joined);
            cluster.on(from).del(entry(key));
            node.awaitValue(key, "newest");
        }
    }

    @Test
    void keyThatHasMovedAheadOfItsSlotIsNotServedFromMemoryUnchecked() {
        // given a slot on its way to a master that has none yet, and a key that is there already
        RedisProcess from = cluster.masters().get(1);
        String key = cluster.keyOn(from, name, "ahead");
        int slot = SlotHash.getSlot(entry(key));
        try (Node node = node()) {
            RedisProcess joined = cluster.join();
            node.warm(key, "old");
            cluster.moveKeysOf(slot, from, joined);

            // when a stranger deletes it there, where nobody listens
            for (int version = 0; version < 5; version++) {
                node.read(key, "never asked");
                node.read(key, "never asked");
                cluster.deleteAhead(joined, entry(key));
                String value = "v" + version;

                // then it is seen all the same
                node.awaitValue(key, value);
            }
            cluster.completeMove(slot, from, joined);
            cluster.move(slot, joined, from);
            node.warm(key, "never asked");
            cluster.leave(joined);
        }
    }

    @Test
    void plainAddressOfAClusterNodeIsToldWhatToUse() {
        try (Node node = Node.of(cluster.masters().get(0).uri(), name, tier -> tier, cache -> cache)) {
            assertThatThrownBy(() -> Node.get(node.tier.ready()))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining("redis-cluster://");
            assertThat(node.originOf("k", "v")).isEqualTo(Origin.LOADER);
        }
    }

    @Test
    void clientOfTheUsersIsUsedAndStaysOpen() {
        RedisClusterClient client = RedisClusterClient.create(seed());
        try (var mine = client.connect()) {
            mine.setReadFrom(ReadFrom.REPLICA); // of this connection alone
            Node node = on(client).ready();
            for (RedisProcess master : cluster.masters()) {
                String key = cluster.keyOn(master, name, "users");
                node.warm(key, "old");
                cluster.on(master).del(entry(key));
                node.awaitValue(key, "new");
            }
            node.close();

            assertThat(mine.sync().ping()).isEqualTo("PONG");
            on(client).ready().close();
        } finally {
            client.shutdown(0, 2, TimeUnit.SECONDS);
        }
    }

    private Node on(RedisClusterClient client) {
        return Node.on(
                RedisTier.builder(client).stalenessBound(Duration.ofMillis(600)).connect(), name, cache -> cache);
    }

    private static RedisURI seed() {
        return RedisURI.create(cluster.masters().get(0).uri() + "?timeout=5s");
    }

    @Test
    void clientThatDoesNotReconnectIsRefused() {
        assertRefused(options -> options.autoReconnect(false), "autoReconnect");
    }

    @Test
    void clientThatPublishesOnASchedulerIsRefused() {
        assertRefused(options -> options.publishOnScheduler(true), "publishOnScheduler");
    }

    private static void assertRefused(
            Function<ClusterClientOptions.Builder, ClusterClientOptions.Builder> settings, String what) {
        RedisClusterClient client = RedisClusterClient.create(seed());
        try {
            client.setOptions(settings.apply(ClusterClientOptions.builder()).build());
            assertThatThrownBy(() -> RedisTier.connect(client))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(what);
        } finally {
            client.shutdown(0, 2, TimeUnit.SECONDS);
        }
    }

    @Test
    void closedTierLeavesNoConnectionBehind() {
        RedisProcess master = cluster.masters().get(0);
        long before = connections(master);
        Node node = node();
        assertThat(connections(master)).isGreaterThan(before);

        node.close();

        Await.until("nobody more is connected", () -> connections(master) <= before);
    }

    private static long connections(RedisProcess master) {
        return cluster.on(master).clientList().lines().count();
    }
}
