package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.Awaiting;
import dev.reactivecache.EntryOptions;
import dev.reactivecache.InvalidationReceipt.AppliedEverywhere;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Applications, environments and tenants on one Redis, with caches of the same names. */
@Timeout(120)
class KeyPrefixIT {
    private static final String RIGHTS =
            " +get +mget +set +getrange +setrange +strlen +del +pexpire +pttl +time +evalsha"
                    + " +eval +publish +subscribe +ping +info +pubsub|numsub +zadd +zrem +zscore +zcard +scan"
                    + " +zremrangebyscore +zrangebyscore";
    private static final Awaiting PATIENT = Awaiting.everyNode(Duration.ofSeconds(10));
    private static final List<String> TENANTS = List.of("", "a", "ab", "a:");

    private static RedisProcess redis;

    private final String name = RedisServer.name();

    @BeforeAll
    static void start() {
        redis = RedisProcess.start("--notify-keyspace-events", "Eg$xe");
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    private static Node node(String uri, String cache, String prefix, ChangeSource source) {
        return Node.of(
                        uri,
                        cache,
                        tier -> tier.keyPrefix(prefix).changes(source).stalenessBound(Duration.ofMillis(600)),
                        settings -> settings)
                .ready();
    }

    /** Two nodes of each tenant, and what becomes of one tenant's caches while others change theirs. */
    private static final class Tenants implements AutoCloseable {
        private final Map<String, List<Node>> nodes = new HashMap<>();

        Tenants(String uri, String cache, ChangeSource source, String... prefixes) {
            for (String prefix : prefixes) {
                nodes.put(prefix, List.of(node(uri, cache, prefix, source), node(uri, cache, prefix, source)));
            }
        }

        Node one(String prefix) {
            return nodes.get(prefix).get(0);
        }

        Node two(String prefix) {
            return nodes.get(prefix).get(1);
        }

        private void warm(String key) {
            nodes.forEach((prefix, both) -> {
                Node.get(both.get(0)
                        .cache
                        .put(key, value(prefix, key), EntryOptions.defaults().withTags("red")));
                both.forEach(node -> node.warm(key, value(prefix, key)));
            });
            awaitStreamsCaughtUp();
        }

        private void awaitStreamsCaughtUp() {
            nodes.values().forEach(both -> both.forEach(Node::awaitStreamCaughtUp));
        }

        private List<Long> heardByOthers(String prefix) {
            return nodes.entrySet().stream()
                    .filter(each -> !each.getKey().equals(prefix))
                    .flatMap(each -> each.getValue().stream())
                    .map(node -> node.cache.stats().invalidations())
                    .toList();
        }

        private static String value(String prefix, String key) {
            return key + " of '" + prefix + "'";
        }

        /**
         * Does something to one tenant's cache; that tenant's nodes have lost the key then, and others hear nothing.
         */
        void onlyOneLoses(String key, String prefix, Mono<?> change) {
            warm(key);

            List<Long> heard = heardByOthers(prefix);

            Node.get(change);

            awaitStreamsCaughtUp();
            assertThat(heardByOthers(prefix)).isEqualTo(heard);
            nodes.forEach((other, both) -> {
                for (Node node : both) {
                    if (other.equals(prefix)) {
                        assertThat(Node.get(node.cache.get(key))).as(other).isNull();
                    } else {
                        assertThat(node.read(key, "never asked")).isEqualTo(value(other, key));
                    }
                }
            });
        }

        @Override
        public void close() {
            nodes.values().forEach(both -> both.forEach(Node::close));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ChangeSource.class,
            names = {"EVENTS", "TRACKING"})
    void whatOneChangesIsNothingToTheOthers(ChangeSource source) {
        try (Tenants all = new Tenants(redis.uri(), name, source, TENANTS.toArray(String[]::new))) {
            for (String prefix : List.of("", "a")) {
                all.onlyOneLoses("k", prefix, all.one(prefix).cache.invalidate("k"));
                all.onlyOneLoses("k", prefix, all.one(prefix).cache.invalidateTag("red", PATIENT));
                all.onlyOneLoses("k", prefix, all.one(prefix).cache.invalidatePrefix("k"));
                all.onlyOneLoses("k", prefix, all.one(prefix).cache.clear(PATIENT));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ChangeSource.class,
            names = {"EVENTS", "TRACKING"})
    void receiptsCountTheNodesOfOnePrefix(ChangeSource source) {
        try (Tenants all = new Tenants(redis.uri(), name, source, "a", "ab")) {
            all.warm("k");

            assertThat(Node.get(all.one("a").cache.invalidate("k", PATIENT))).isEqualTo(new AppliedEverywhere(2));

            all.two("ab").close();
            assertThat(Node.get(all.one("ab").cache.invalidate("k", PATIENT))).isEqualTo(new AppliedEverywhere(1));
        }
    }

    @Test
    void everythingInRedisIsUnderThePrefix() {
        try (RedisProcess empty = RedisProcess.start("--notify-keyspace-events", "KEA");
                Tenants shop = new Tenants(empty.uri(), name, ChangeSource.EVENTS, "shop:")) {
            try (EventEar ear = EventEar.on(empty.uri(), "del", "set", "setrange", "zadd", "expire")) {
                shop.onlyOneLoses("k", "shop:", shop.one("shop:").cache.clear(PATIENT));
                shop.onlyOneLoses("k", "shop:", shop.one("shop:").cache.invalidatePrefix("k"));

                assertThat(ear.heardByNow()).isNotEmpty().allMatch(event -> event.contains(" shop:rc:"));
            }
            assertThat(empty.foreigner().keys("*")).isNotEmpty().allMatch(key -> key.startsWith("shop:rc:"));
            assertThat(empty.foreigner().pubsubChannels())
                    .filteredOn(channel -> !channel.startsWith("__key"))
                    .isNotEmpty()
                    .allMatch(channel -> channel.startsWith("shop:rc:"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ChangeSource.class,
            names = {"EVENTS", "TRACKING"})
    void usersThatAreLimitedToTheirPrefixSuffice(ChangeSource source) throws Exception {
        String toHear = source == ChangeSource.TRACKING ? " +client|tracking" : " &__keyevent@* +config|get";
        List<Node> nodes = new ArrayList<>();
        try {
            for (String prefix : List.of("shop:", "test.shop:")) {
                String user = prefix.replaceAll("\\W", "");
                assertThat(redis.say("ACL SETUSER " + user + " reset on >pw resetchannels ~" + prefix + "* &" + prefix
                                + "*" + toHear + RIGHTS))
                        .isEqualTo("+OK");
                for (int i = 0; i < 2; i++) {
                    nodes.add(node(redis.uri().replace("//", "//" + user + ":pw@"), name, prefix, source));
                }
            }
            for (int i = 0; i < 4; i += 2) {
                Node one = nodes.get(i);
                Node two = nodes.get(i + 1);
                Node.get(one.cache.put("k", "old", EntryOptions.defaults().withTags("red")));
                two.warm("k", "old");
                assertThat(Node.get(one.cache.invalidateTag("red", PATIENT))).isEqualTo(new AppliedEverywhere(2));
                assertThat(Node.get(two.cache.get("k"))).isNull();
                Node.get(one.cache.put("k", "old"));
                Node.get(one.cache.invalidatePrefix("k"));
                two.awaitValue("k", "new");
                assertThat(one.cache.stats().remoteFailures()).isZero();
                assertThat(two.cache.stats().remoteFailures()).isZero();
            }
        } finally {
            nodes.forEach(Node::close);
        }
    }

    @Test
    void userOfAnotherPrefixIsRefusedAndTheMessageNamesThePrefix() throws Exception {
        assertThat(redis.say("ACL SETUSER other reset on >pw resetchannels ~other:* &other:* +@all"))
                .isEqualTo("+OK");
        try (Node node = Node.of(
                redis.uri().replace("//", "//other:pw@"),
                name,
                tier -> tier.keyPrefix("mine:").changes(ChangeSource.EVENTS).notifications(NotificationSetup.LEAVE),
                settings -> settings)) {
            assertThatThrownBy(() -> Node.get(node.tier.ready()))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining("&mine:rc::fills:*")
                    .hasMessageContaining("&mine:rc::receipts:*");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a*", "a?", "[a]", "a\\", "{a}", "a b", "Gr\u00fc\u00dfe:", "a\n", "rc:", "xrc:y:"})
    void prefixThatCouldMeanAnotherIsRefused(String prefix) {
        assertThatThrownBy(() -> RedisTier.builder(redis.uri()).keyPrefix(prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keyPrefix ('" + prefix + "')");
    }

    @Nested
    class InACluster {
        @Test
        void whatOneChangesIsNothingToTheOthers() {
            try (ClusterGroup cluster = ClusterGroup.lasting();
                    Tenants all = new Tenants(cluster.uri(), name, ChangeSource.EVENTS, "", "a:", "a:b:")) {
                for (String key : List.of("k", "l", "m")) {
                    all.onlyOneLoses(key, "a:", all.one("a:").cache.invalidate(key, PATIENT));
                    all.onlyOneLoses(key, "a:", all.two("a:").cache.invalidateTag("red", PATIENT));
                    all.onlyOneLoses(key, "a:", all.one("a:").cache.invalidatePrefix(key));
                    all.onlyOneLoses(key, "", all.one("").cache.clear(PATIENT));
                }
                assertThat(cluster.masters())
                        .allSatisfy(master -> assertThat(cluster.on(master).keys("a:rc::guard*"))
                                .hasSize(1));
            }
        }
    }
}
