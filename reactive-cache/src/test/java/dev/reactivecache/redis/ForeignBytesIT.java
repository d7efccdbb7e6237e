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
import org.junit.jupiter.params.provider.ValueSource;

/** What is under our key and is not ours: row R18. Never an error; a miss, counted, and replaced by the next fill. */
@ExtendWith({RedisServer.Shared.class, NodePair.Live.class})
@Timeout(60)
class ForeignBytesIT {
    /** Of a value without extension: stored in 2022, fresh until 2039, and until then in both windows. */
    static final String HEADER =
            "rc2V0" + "\0".repeat(17) + "\1" + "\u007f".repeat(5) + "\2\0\0\0\0\0".repeat(3) + "\0\0\0\7" + "a stamp!";

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
                bytes("a truncated header", HEADER.substring(0, 40)),
                bytes("a header with times that no clock will show", HEADER.replace('\2', 'x')),
                bytes("a header without a stamp", HEADER.replace("a stamp!", "\0".repeat(8))),
                bytes(
                        "a header whose extension is longer than all",
                        HEADER.substring(0, 6) + "??" + HEADER.substring(8) + "v"),
                bytes("a lease with a deadline that no clock will show", "rc2L" + "?".repeat(96)),
                bytes("a state that is unknown", "rc2Z" + HEADER.substring(4) + "a tail that is rather long"),
                bytes("a lease with a tail", "rc2L" + HEADER.substring(4) + "a tail that is rather long"),
                bytes("a value that no codec can read", HEADER + TestCodecs.BAD),
                bytes("a value whose time has ended", HEADER.replace('\2', '\0') + "long ago"),
                Arguments.of("a list", (BiConsumer<RedisCommands<String, String>, String>)
                        (redis, key) -> redis.rpush(key, "a", "b")),
                Arguments.of("a hash", (BiConsumer<RedisCommands<String, String>, String>)
                        (redis, key) -> redis.hset(key, "field", "value")));
    }

    /** One more, which only a change of the key gets rid of: to a reader it is a write under way. */
    static Stream<Arguments> foreignToWriters() {
        return Stream.concat(
                foreign(),
                Stream.of(bytes(
                        "a quarantine whose tail is no list of writers",
                        "rc2W" + HEADER.substring(4) + "?".repeat(40))));
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
        assertThat(redis.entry(key)).startsWith("rc2V").hasSize(76).endsWith("v");
        assertThat(node.cache.stats().remoteFailures()).as("failures").isZero();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("foreignToWriters")
    void isReplacedByAPut(String what, BiConsumer<RedisCommands<String, String>, String> put) {
        put.accept(redis.foreigner(), key);

        Node.get(node.cache.put("k", "v"));

        assertThat(redis.entry(key)).startsWith("rc2V").hasSize(76).endsWith("v");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("foreignToWriters")
    void isReplacedByAWriteThrough(String what, BiConsumer<RedisCommands<String, String>, String> put) {
        put.accept(redis.foreigner(), key);

        Node.get(node.cache.writeThrough("k", node.source("v")));

        assertThat(redis.entry(key)).startsWith("rc2V").hasSize(76).endsWith("v");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("foreignToWriters")
    void isGoneAfterAnInvalidation(String what, BiConsumer<RedisCommands<String, String>, String> put) {
        put.accept(redis.foreigner(), key);

        Node.get(node.cache.invalidate("k"));

        assertThat(redis.foreigner().exists(key)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rc1", "rc3"})
    void entryOfAnotherVersionIsAMissThatIsLeftAlone(String version) { // its nodes must find it as it was
        String newer = version + HEADER.substring(3) + "of another version, and of no less than 100 characters";
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
