package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.Cached.Origin;
import dev.reactivecache.Invalidation.KeyInvalidated;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of caches and spelling of keys: row R20. */
@ExtendWith(RedisServer.Shared.class)
@Timeout(60)
class NamesAndKeysIT {
    private final RedisServer redis;
    private final String name = RedisServer.name();

    NamesAndKeysIT(RedisServer redis) {
        this.redis = redis;
    }

    @Test
    void twoCachesOfOneNameOnOneTierAreRefused() {
        try (Node node = Node.live(redis.uri(), name)) {
            assertThatThrownBy(() -> Node.on(node.tier, name, cache -> cache))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(name)
                    .hasMessageContaining("already open");
        }
    }

    @Test
    void nameIsFreeAgainOnceItsCacheIsClosed() {
        try (Node node = Node.live(redis.uri(), name)) {
            node.warm("k", "v");
            Node.get(node.cache.close());

            Node again = Node.on(node.tier, name, cache -> cache);

            assertThat(again.originOf("k", "never asked")).isEqualTo(Origin.REMOTE);
            redis.foreigner().del("rc:" + name + ":k");
            again.awaitValue("k", "v2");
        }
    }

    @Test
    void closedTierOpensNoCache() {
        Node node = Node.live(redis.uri(), name);
        node.close();

        assertThatThrownBy(() -> Node.on(node.tier, name, cache -> cache))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(Node.get(node.tier.ready().materialize()).getThrowable()).hasMessageContaining("closed");
        Node.get(node.tier.close());
    }

    @Test
    void cachesWhoseNamesBeginAlikeDoNotMeet() { // R20
        try (Node user = Node.live(redis.uri(), name)) {
            List<Node> alike = List.of(
                    Node.on(user.tier, name + ".admin", cache -> cache),
                    Node.on(user.tier, name + "-admin", cache -> cache),
                    Node.on(user.tier, name + "_", cache -> cache));
            user.warm("admin:1", "user's");
            user.warm("1", "user's");
            alike.forEach(node -> node.warm("1", node.cache.name()));

            Node.get(user.cache.invalidate("admin:1"));
            Node.get(user.cache.invalidate("1"));
            alike.get(0).awaitStreamCaughtUp();

            assertThat(alike).allSatisfy(node -> {
                assertThat(node.originOf("1", "never asked")).isEqualTo(Origin.LOCAL);
                assertThat(node.read("1", "never asked")).isEqualTo(node.cache.name());
            });
            Node.get(alike.get(0).cache.invalidate("1"));
            assertThat(alike.get(1).originOf("1", "never asked")).isEqualTo(Origin.LOCAL);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":",
                "a:b:c",
                "{tag}",
                "}{",
                "{}",
                "%",
                "%7B",
                "%257B",
                "100%{x}%25",
                "line\r\nbreak\0nul",
                "\"quoted\" 'and' \\back",
                "Grüße 東京 🙂",
                "*?[a-z]"
            })
    void everyKeyComesBackAndIsHeardOf(String key) {
        try (Node a = Node.live(redis.uri(), name);
                Node b = Node.live(redis.uri(), name)) {
            a.warm(key, "v1");
            assertThat(b.read(key, "never asked")).isEqualTo("v1");
            assertThat(redis.foreigner()
                            .exists(new String(new KeyLayout("").entryKey(name, key), StandardCharsets.UTF_8)))
                    .isEqualTo(1);

            Node.get(b.cache.invalidate(key));

            Await.until(
                    "a hears of it",
                    () -> a.told.stream()
                            .anyMatch(event -> event instanceof KeyInvalidated<String> change
                                    && change.key().equals(key)));
            a.awaitValue(key, "v2");
        }
    }

    @Test
    void longKeyComesBackAndIsHeardOf() {
        everyKeyComesBackAndIsHeardOf("x".repeat(100_000));
    }

    @Test
    void keysThatNoCacheOfOursHasAreIgnored() {
        try (Node node = Node.live(redis.uri(), name)) {
            node.warm("k", "v");
            long seen = node.cache.stats().invalidations();

            for (String key :
                    List.of("rc:", "rc::x", "rc", "r", "rc:" + name, "rc:" + name + "x:k", "xrc:" + name + ":k")) {
                redis.foreigner().set(key, "by hand");
                redis.foreigner().del(key);
            }
            redis.foreignerOfBytes().set(new byte[] {'r', 'c', ':', (byte) 0xff, ':', (byte) 0xfe}, new byte[] {1});
            node.awaitStreamCaughtUp();

            assertThat(node.cache.stats().invalidations()).isEqualTo(seen);
            assertThat(node.originOf("k", "never asked")).isEqualTo(Origin.LOCAL);
        }
    }
}
