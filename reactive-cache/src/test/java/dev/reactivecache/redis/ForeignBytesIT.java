package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Cached.Origin;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is under our key and is not ours: row R18. Never an error; a miss, counted, and replaced by the next fill. */
@ExtendWith({RedisServer.Shared.class, NodePair.Live.class})
@Timeout(60)
class ForeignBytesIT {
    static final String HEADER =
            "rc1V0----------------" + "0".repeat(13) + "9".repeat(26) + "0".repeat(21) + "00000000000000ab" + "000";

    private final RedisServer redis;
    private final String name;
    private final String key;
    private final Node node;
    private final Node other;

    ForeignBytesIT(RedisServer redis, NodePair nodes) {
        this.redis = redis;
        this.name = nodes.name();
        this.key = "rc:" + name + ":k";
        this.node = nodes.a();
        this.other = nodes.b();
    }

    static Stream<Arguments> foreign() {
        return Stream.of(
                bytes("text", "hello"),
                bytes("nothing", ""),
                bytes("the magic alone", "rc"),
                bytes("a truncated header", HEADER.substring(0, 60)),
                bytes("a header whose times are no numbers", HEADER.replace('9', 'x')),
                bytes("a header whose stamp is no number", HEADER.replace("00ab", "zzzz")),
                bytes("a header whose extension is longer than all", HEADER.substring(0, 97) + "fffv"),
                bytes("a lease whose deadline is no number", "rc1L" + "?".repeat(96)),
                bytes("a state that is unknown", "rc1Z" + HEADER.substring(4) + "a tail that is rather long"),
                bytes("a lease with a tail", "rc1L" + HEADER.substring(4) + "a tail that is rather long"),
                bytes("a value that no codec can read", HEADER + TestCodecs.BAD),
                bytes("a value whose time has ended", HEADER.replace('9', '0') + "long ago"),
                Arguments.of("a list", (BiConsumer<RedisCommands<String, String>, String>)
                        (redis, key) -> redis.rpush(key, "a", "b")),
                Arguments.of("a hash", (BiConsumer<RedisCommands<String, String>, String>)
                        (redis, key) -> redis.hset(key, "field", "value")));
    }

    /** One more, which only somebody who changes the key gets rid of: to a reader it is a write under way. */
    static Stream<Arguments> foreignToWriters() {
        return Stream.concat(
                foreign(),
                Stream.of(bytes(
                        "a quarantine whose tail is no list of writers",
                        "rc1W" + HEADER.substring(4) + "?".repeat(40))));
    }

    private static Arguments bytes(String what, String bytes) {
        return Arguments.of(
                what, (BiConsumer<RedisCommands<String, String>, String>) (redis, key) -> redis.set(key, bytes));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("foreign")
    void isAMissAndHeals(String what, BiConsumer<RedisCommands<String, String>, String> put) {
        put.accept(redis.foreigner(), key);

        assertThat(node.cache.get("k").block(Await.LIMIT)).as("get").isNull();
        assertThat(node.read("k", "v")).isEqualTo("v");

        Await.until(
                "another node reads what was filled", () -> other.look("k", "v").origin() == Origin.REMOTE);
        assertThat(redis.foreigner().get(key)).startsWith("rc1V").hasSize(128).endsWith("v");
        assertThat(node.cache.stats().remoteFailures()).as("failures").isZero();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("foreignToWriters")
    void isReplacedByAPut(String what, BiConsumer<RedisCommands<String, String>, String> put) {
        put.accept(redis.foreigner(), key);

        Node.get(node.cache.put("k", "v"));

        assertThat(redis.foreigner().get(key)).startsWith("rc1V").hasSize(128).endsWith("v");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("foreignToWriters")
    void isReplacedByAWriteThrough(String what, BiConsumer<RedisCommands<String, String>, String> put) {
        put.accept(redis.foreigner(), key);

        Node.get(node.cache.writeThrough("k", node.source("v")));

        assertThat(redis.foreigner().get(key)).startsWith("rc1V").hasSize(128).endsWith("v");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("foreignToWriters")
    void isGoneAfterAnInvalidation(String what, BiConsumer<RedisCommands<String, String>, String> put) {
        put.accept(redis.foreigner(), key);

        Node.get(node.cache.invalidate("k"));

        assertThat(redis.foreigner().exists(key)).isZero();
    }

    @Test
    void entryOfAnotherVersionIsAMissThatIsLeftAlone() { // rolling deploy: the newer node must find it as it was
        String newer = "rc2" + HEADER.substring(3) + "of a later version";
        redis.foreigner().set(key, newer);

        assertThat(node.cache.get("k").block(Await.LIMIT)).as("get").isNull();
        assertThat(node.originOf("k", "v")).isEqualTo(Origin.LOADER);
        assertThat(node.originOf("k", "v")).isEqualTo(Origin.LOADER);
        assertThat(redis.foreigner().get(key)).isEqualTo(newer);

        Node.get(node.cache.invalidate("k"));
        node.warm("k", "v");
    }

    @Test
    void valueThatCannotBeWrittenIsAnsweredAndKeptInMemoryOnly() {
        String bad = "v " + TestCodecs.BAD;

        assertThat(node.read("k", bad)).isEqualTo(bad);
        Await.until("its right was given back", () -> redis.foreigner().exists(key) == 0);
        node.awaitStreamCaughtUp();

        assertThat(node.cache.stats().unwritable()).isEqualTo(1);
        assertThat(node.look("k", "never asked").origin()).isEqualTo(Origin.LOCAL);
    }

    @Test
    void theFirstValueThatCannotBeReadOrWrittenIsLogged() {
        try (CapturedLog log = new CapturedLog()) {
            for (String bad : List.of("a", "b")) {
                redis.foreigner().set("rc:" + name + ":" + bad, HEADER + TestCodecs.BAD);
                node.read(bad, "v");
                node.read("unwritable " + bad, TestCodecs.BAD + bad);
            }

            assertThat(log.lines())
                    .filteredOn(line -> line.startsWith("cache '"))
                    .hasSize(2)
                    .anyMatch(line -> line.contains("cannot be read"))
                    .anyMatch(line -> line.contains("cannot be written"));
            assertThat(node.cache.stats().unreadable()).isEqualTo(2);
        }
    }

    @Test
    void valueThatOneNodeCannotReadIsServedByOthersUntilItIsReplaced() {
        redis.foreigner().set(key, HEADER + TestCodecs.BAD);

        assertThat(node.read("k", "v")).isEqualTo("v");

        assertThat(node.cache.stats().unreadable()).isGreaterThan(0);
        Await.until("another has it, too", () -> other.read("k", "never asked").equals("v"));
    }
}
