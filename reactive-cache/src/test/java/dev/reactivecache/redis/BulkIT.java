package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.CacheMode;
import dev.reactivecache.ReactiveCacheBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Many keys at once, and many single reads at once, on a real Redis. */
@Timeout(90)
class BulkIT {
    private static final List<String> KEYS =
            IntStream.range(0, 500).mapToObj(i -> "k" + i).toList();

    private final String name = RedisServer.name();
    private final List<Set<String>> asked = new CopyOnWriteArrayList<>();

    private Mono<Map<String, String>> load(Set<String> keys) {
        asked.add(keys);
        return Mono.just(keys.stream().collect(Collectors.toMap(Function.identity(), key -> key + "!")));
    }

    /**
     * A node of a test about what is sent, not about time. What Redis does not answer in time would be loaded, and what
     * is loaded after a right to fill has lapsed would not be stored: by default in three seconds without a core.
     */
    private Node unhurried(String uri, UnaryOperator<ReactiveCacheBuilder<String, String>> settings) {
        return Node.of(
                        uri,
                        name,
                        tier -> tier.readTimeout(Await.LIMIT).writeTimeout(Await.LIMIT),
                        cache -> settings.apply(cache.lease(Await.LIMIT)))
                .ready();
    }

    private Node unhurried(String uri) {
        return unhurried(uri, cache -> cache);
    }

    private static Map<String, String> expected() {
        return KEYS.stream().collect(Collectors.toMap(Function.identity(), key -> key + "!"));
    }

    private static long calls(RedisProcess redis, String command) {
        Matcher matcher = Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
                .matcher(redis.foreigner().info("commandstats"));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    @Test
    void whatOneNodeLoadedAtOnceAnotherReadsInFewCommands() {
        try (RedisProcess redis = RedisProcess.start();
                Node one = unhurried(redis.uri());
                Node two = unhurried(redis.uri())) {
            assertThat(Node.get(one.cache.getOrFetchAll(KEYS, this::load))).isEqualTo(expected());
            long gets = calls(redis, "get");
            long mgets = calls(redis, "mget");

            assertThat(Node.get(two.cache.getOrFetchAll(KEYS, this::load))).isEqualTo(expected());

            assertThat(asked).extracting(Set::size).as("one call of one node").containsExactly(KEYS.size());
            assertThat(asked.get(0)).isEqualTo(Set.copyOf(KEYS));
            assertThat(calls(redis, "get") - gets).as("single reads").isLessThan(10);
            assertThat(calls(redis, "mget") - mgets).as("joint reads").isBetween(1L, 20L);
            Node.get(one.cache.invalidateAll(KEYS));
            Await.until(
                    "the other node has dropped all", () -> two.cache.stats().localSize() == 0);
        }
    }

    @Test
    void manySingleReadsAtOnceTravelTogether() {
        try (RedisProcess redis = RedisProcess.start();
                Node node = unhurried(redis.uri(), cache -> cache.mode(CacheMode.REMOTE_ONLY))) {
            Node.get(node.cache.putAll(expected()));

            List<String> values = Node.get(Flux.fromIterable(KEYS)
                    .flatMapSequential(node.cache::get, KEYS.size())
                    .collectList());

            assertThat(values)
                    .containsExactlyElementsOf(
                            KEYS.stream().map(key -> key + "!").toList());
            assertThat(calls(redis, "get")).isLessThan(KEYS.size() / 2);
        }
    }

    @Test
    void foreignTypesAmongThemAreLoaded() {
        try (RedisProcess redis = RedisProcess.start();
                Node node = Node.live(redis.uri(), name)) {
            redis.foreigner().lpush("rc:" + name + ":k7", "foreign");

            assertThat(Node.get(node.cache.getOrFetchAll(KEYS, this::load))).isEqualTo(expected());
        }
    }

    @Test
    void readsThatWaitForAFrozenServerEndInTime() {
        try (RedisProcess redis = RedisProcess.start();
                Node node = Node.of(redis.uri(), name, tier -> tier.readTimeout(Duration.ofMillis(200)), cache -> cache)
                        .ready()) {
            redis.pause();
            try {
                assertThat(Node.get(node.cache.getAll(KEYS))).isEmpty();
                assertThat(node.cache.stats().remoteFailures()).isEqualTo(KEYS.size());
            } finally {
                redis.resume();
            }
        }
    }

    @Test
    void manyKeysThatAFrozenServerDoesNotAnswerAreLoadedTogether() {
        try (RedisProcess redis = RedisProcess.start();
                Node node = Node.of(redis.uri(), name, tier -> tier.readTimeout(Duration.ofMillis(200)), cache -> cache)
                        .ready()) {
            redis.pause();
            try {
                assertThat(Node.get(node.cache.getOrFetchAll(KEYS, this::load))).isEqualTo(expected());
                assertThat(asked).extracting(Set::size).containsExactly(KEYS.size());
            } finally {
                redis.resume();
            }
        }
    }

    @Test
    void clusterAnswersKeysOfManySlots() {
        try (ClusterGroup cluster = ClusterGroup.lasting();
                Node one = Node.live(cluster.uri(), name);
                Node two = Node.live(cluster.uri(), name)) {
            assertThat(Node.get(one.cache.getOrFetchAll(KEYS, this::load))).isEqualTo(expected());

            assertThat(Node.get(two.cache.getOrFetchAll(KEYS, this::load))).isEqualTo(expected());
            assertThat(asked.get(0)).hasSize(KEYS.size());
            long unanswered = unanswered(one) + unanswered(two); // whatever Redis does not answer in time is loaded
            assertThat(asked.stream().skip(1).mapToLong(Set::size).sum())
                    .as("loaded again: %s, %s", one.cache.stats(), two.cache.stats())
                    .isLessThanOrEqualTo(unanswered);
        }
    }

    @Test
    void readsOfManySlotsTravelInFewWrites() {
        try (ClusterGroup cluster = ClusterGroup.lasting();
                Node node = unhurried(cluster.uri(), cache -> cache.mode(CacheMode.REMOTE_ONLY))) {
            Node.get(node.cache.getAll(KEYS)); // each master is connected
            long before = readsOfSockets(cluster);

            // on the thread that has read a reply
            Node.get(node.cache.get("none").then(node.cache.getAll(KEYS)));

            assertThat(readsOfSockets(cluster) - before).isLessThan(KEYS.size() / 5);
        }
    }

    private static long readsOfSockets(ClusterGroup cluster) {
        return cluster.masters().stream()
                .map(cluster::on)
                .map(master -> Pattern.compile("total_reads_processed:(\\d+)").matcher(master.info("stats")))
                .filter(Matcher::find)
                .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                .sum();
    }

    private static long unanswered(Node node) {
        return node.cache.stats().remoteFailures();
    }
}
