package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Cached.Origin;
import io.lettuce.core.CopyArgs;
import io.lettuce.core.RestoreArgs;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A key that any client changes, with any command, leaves the memory of every node. */
@ExtendWith({RedisServer.Shared.class, NodePair.Live.class})
@Timeout(60)
class ForeignWritesIT {
    private final RedisServer redis;
    private final String name;
    private final Node a;
    private final Node b;

    ForeignWritesIT(RedisServer redis, NodePair nodes) {
        this.redis = redis;
        this.name = nodes.name();
        this.a = nodes.a();
        this.b = nodes.b();
    }

    static Stream<Arguments> commands() {
        return Stream.of(
                command("SET", (redis, key) -> redis.set(key, "by hand")),
                command("SET to the same bytes, still an entry", (redis, key) -> {
                    String setAgain = "return redis.call('SET', KEYS[1], redis.call('GET', KEYS[1]))";
                    redis.eval(setAgain, ScriptOutputType.STATUS, key);
                }),
                command("SET EX", (redis, key) -> redis.set(key, "by hand", SetArgs.Builder.ex(60))),
                command("SET KEEPTTL", (redis, key) -> redis.set(key, "by hand", SetArgs.Builder.keepttl())),
                command("SET GET", (redis, key) -> redis.setGet(key, "by hand")),
                command("MSET", (redis, key) -> redis.mset(Map.of(key, "by hand"))),
                command("SETBIT, still an entry", (redis, key) -> redis.setbit(key, 1_100, 1)),
                command("DEL", (redis, key) -> redis.del(key)),
                command("UNLINK", (redis, key) -> redis.unlink(key)),
                command("GETDEL", (redis, key) -> redis.getdel(key)),
                command("EXPIRE with a time that has passed", (redis, key) -> redis.expire(key, -1)),
                command("PEXPIRE, and its end", (redis, key) -> redis.pexpire(key, 1)),
                command("RENAME away", (redis, key) -> redis.rename(key, key + "-old")),
                command("RENAME onto it", (redis, key) -> {
                    redis.set(key + "-new", "by hand");
                    redis.rename(key + "-new", key);
                }),
                command("COPY onto it", (redis, key) -> {
                    redis.set(key + "-new", "by hand");
                    redis.copy(key + "-new", key, CopyArgs.Builder.replace(true));
                }),
                command("RESTORE onto it", (redis, key) -> {
                    redis.set(key + "-new", "by hand");
                    redis.restore(key, redis.dump(key + "-new"), new RestoreArgs().replace());
                }),
                command("MOVE to another database", (redis, key) -> redis.move(key, 1)),
                command("MULTI with DEL and HSET", (redis, key) -> {
                    redis.multi();
                    redis.del(key);
                    redis.hset(key, "field", "value");
                    redis.exec();
                }));
    }

    private static Arguments command(String what, BiConsumer<RedisCommands<String, String>, String> command) {
        return Arguments.of(what, command);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    void aForeignChangeLeavesTheMemoryOfEveryNode(
            String what, BiConsumer<RedisCommands<String, String>, String> command) {
        // given two nodes that answer from memory
        a.warm("k", "v1");
        b.warm("k", "v1");
        assertThat(a.originOf("k", "never asked")).isEqualTo(Origin.LOCAL);

        // when a stranger changes the key
        command.accept(redis.foreigner(), "rc:" + name + ":k");

        // then both notice, and the next answer of each is not from its own old copy
        Await.until("a has heard", () -> a.cache.stats().invalidations() > 0);
        Await.until("b has heard", () -> b.cache.stats().invalidations() > 0);
        if (what.contains("still an entry")) {
            // tracked keys were announced before, when they were filled
            Await.until("b reads anew", () -> b.originOf("k", "never asked") == Origin.REMOTE);
            Await.until("a reads anew", () -> a.originOf("k", "never asked") == Origin.REMOTE);
        } else {
            a.awaitValue("k", "v2");
            b.awaitValue("k", "v2");
            assertThat(a.loads.get() + b.loads.get()).as("loads").isBetween(2, 3);
        }
    }
}
