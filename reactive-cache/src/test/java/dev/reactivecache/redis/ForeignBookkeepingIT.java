package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Awaiting;
import dev.reactivecache.Cached.Origin;
import dev.reactivecache.EntryOptions;
import dev.reactivecache.InvalidationReceipt.AppliedEverywhere;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others write where the toolkit keeps its books, and what they publish on its channels. */
@Timeout(60)
class ForeignBookkeepingIT {
    private static final Awaiting EVERY_NODE = Awaiting.everyNode(Duration.ofSeconds(10));
    private static final EntryOptions RED = EntryOptions.defaults().withTags("red");

    private final String name = RedisServer.name();
    private RedisProcess redis;
    private Node a;
    private Node b;

    @BeforeEach
    void start() {
        redis = RedisProcess.start();
        a = Node.live(redis.uri(), name);
        b = Node.live(redis.uri(), name);
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
        redis.close();
    }

    @Test
    void namesThatAreNotOursEndNoStream() {
        a.warm("k", "v");
        List<String> names = List.of(
                "rc::ended:*",
                "rc::ended:",
                "rc::ended:#",
                "rc::generations:",
                "rc::ticket:",
                "rc::ticket:" + "\u00e9".repeat(40) + ":",
                "rc::probe:",
                "rc::");
        String receipts = redis.foreigner().pubsubChannels("rc::receipts:*").get(0);
        for (String odd : names) {
            redis.foreigner().set(odd, "x");
            redis.foreigner().del(odd);
            for (String channel : List.of("__keyevent@0__:del", "__keyevent@0__:set", "rc::fills:0", receipts)) {
                redis.foreigner().publish(channel, odd);
            }
        }
        Stream.of(a, b).forEach(Node::awaitStreamCaughtUp);

        assertThat(a.originOf("k", "never asked")).isEqualTo(Origin.LOCAL);
        assertThat(a.cache.stats().gaps()).isZero();
        assertThat(b.cache.stats().gaps()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"^ inf", "* -inf", "^ 1.5", "* 1e300", "#red -4", "! 5", "! inf"})
    void scoresThatNoScriptHasGivenVoidTheCacheAndNothingElse(String memberAndScore) throws Exception {
        // given numbers of which one is not ours
        Node.get(a.cache.put("k", "old", RED));
        Node.get(a.cache.invalidateTag("blue", EVERY_NODE));
        String member = memberAndScore.split(" ")[0];
        String score = memberAndScore.split(" ")[1];
        assertThat(redis.say("ZADD rc::generations:" + name + " " + score + " " + member))
                .startsWith(":");

        // when a node asks for them
        try (Node c = Node.live(redis.uri(), name)) {
            c.awaitValue("k", "new");

            // then all goes on with other numbers
            Await.until("it is stored again", () -> "new".equals(Node.get(b.cache.get("k"))));
            Node.get(c.cache.put("k", "newer", RED));
            Node.get(b.cache.invalidateTag("red", EVERY_NODE));
            assertThat(Node.get(a.cache.get("k"))).isNull();
            assertThat(b.cache.stats().remoteFailures()).isZero();
            assertThat(c.cache.stats().remoteFailures()).isZero();
        }
    }

    @Test
    void guardOfAnotherTypeIsReplacedSoThatAFlushIsNoticed() {
        Await.until("the guard is there", () -> redis.foreigner().exists("rc::guard") == 1);
        redis.foreigner().del("rc::guard");
        redis.foreigner().lpush("rc::guard", "x");
        Await.until("it is replaced", () -> redis.foreigner().type("rc::guard").equals("string"));
        Stream.of(a, b, a, b).forEach(Node::awaitStreamCaughtUp);
        a.warm("k", "v1");

        redis.foreigner().flushall();

        a.awaitValue("k", "v2");
    }

    @Test
    void whatIsNoNodeInTheSetOfNodesIsNotCounted() {
        redis.foreigner().zadd("rc::nodes:" + name, 9e15, "x");
        redis.foreigner().zadd("rc::nodes:" + name, 9e15, "a name that is too long");

        assertThat(Node.get(a.cache.invalidate("k", EVERY_NODE))).isEqualTo(new AppliedEverywhere(2));
    }
}
