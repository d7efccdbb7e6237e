package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reactivecache.Cached.Origin;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A Redis that will not serve the tier says why: {@code ready()} errors, health names cause and remedy, the log does
 * once.
 */
@Timeout(60)
class RefusalsIT {
    private static final String NAME = "refused";
    private static final String[] ALL = {
        "~rc:*",
        "&*",
        "+get",
        "+mget",
        "+set",
        "+getrange",
        "+setrange",
        "+strlen",
        "+del",
        "+pexpire",
        "+pttl",
        "+time",
        "+evalsha",
        "+eval",
        "+publish",
        "+subscribe",
        "+ping",
        "+info",
        "+pubsub|numsub",
        "+config|get",
        "+config|set",
        "+zadd",
        "+zrem",
        "+zscore",
        "+zcard",
        "+scan",
        "+zremrangebyscore",
        "+zrangebyscore"
    };

    private final CapturedLog log = new CapturedLog();

    @AfterEach
    void closeLog() {
        log.close();
    }

    private static RedisProcess withUser(String... rights) {
        return RedisProcess.start(Stream.concat(Stream.of("--user", "app", "on", ">pw"), Stream.of(rights))
                .toArray(String[]::new));
    }

    private static Node app(RedisProcess redis) {
        return Node.of(redis.uri().replace("//", "//app:pw@"), NAME, tier -> tier, cache -> cache);
    }

    private void assertTold(Node node, String... words) {
        assertThatThrownBy(() -> Node.get(node.tier.ready()))
                .isInstanceOf(RedisConfigurationException.class)
                .hasMessageContainingAll(words);
        assertThat(node.tier.health().problem()).contains(words);
        assertThat(node.tier.health().streamLive()).isFalse();
        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("Redis at ") && line.contains(words[0]))
                .hasSize(1);
    }

    @Test
    void rightsThatTheDocsNameAreEnough() {
        try (RedisProcess redis = withUser(ALL);
                Node node = app(redis).ready()) {
            node.warm("k", "v");
            assertThat(node.tier.health().problem()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-get, get",
        "-mget, mget",
        "-@scripting, evalsha",
        "'-setrange -pexpire -zadd', +setrange +pexpire +zadd",
        "-strlen, +strlen",
        "resetkeys, access"
    })
    void rightsThatAreMissingAreNamedTogetherAndWhereToFindTheRest(String rights, String named) {
        String[] all =
                Stream.concat(Stream.of(ALL), Stream.of(rights.split(" "))).toArray(String[]::new);
        try (RedisProcess redis = withUser(all);
                Node node = app(redis)) {
            assertTold(node, named, "docs/redis.md");
            assertThat(node.read("k", "v")).isEqualTo("v");

            // and giving them is all it takes
            redis.foreigner()
                    .aclSetuser("app", AclSetuserArgs.Builder.allCommands().allKeys());
            node.warm("k", "v");
            assertThat(node.tier.health().problem()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"EVAL", "EVALSHA"})
    void commandThatWasRenamedIsNamedOnce(String command) {
        try (RedisProcess redis = RedisProcess.start("--rename-command", command, "");
                Node node = Node.of(redis.uri(), NAME, tier -> tier, cache -> cache)) {
            assertTold(node, "unknown command '" + command + "'", "renamed");
        }
    }

    @Test
    void managedRedisThatDoesNotNotifyIsTrackedAtOnceAndSaysSoInOneLine() {
        try (RedisProcess redis = RedisProcess.start("--rename-command", "CONFIG", "");
                Node node = Node.on(RedisTier.connect(redis.uri()), NAME, cache -> cache)
                        .ready()) {
            node.warm("k", "v");
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("Redis at "))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("does not show its notify-keyspace-events")
                            .contains("CLIENT TRACKING")
                            .doesNotContain("CONFIG SET"));
        }
    }

    @Test
    void passwordThatIsRotatedIsNamedOnceItIsNeeded() {
        try (RedisProcess redis = RedisProcess.start("--user", "app", "on", ">pw", "+@all", "~*", "&*");
                Node node = app(redis).ready()) {
            node.warm("k", "v");
            var admin = redis.foreigner();

            admin.aclSetuser("app", AclSetuserArgs.Builder.removePassword("pw").addPassword("next"));
            admin.clientKill(KillArgs.Builder.user("app"));

            Await.until(
                    "it says so",
                    () -> String.valueOf(node.tier.health().problem()).contains("WRONGPASS"));
            assertTold(node, "WRONGPASS");
            assertThat(node.originOf("k", "loaded")).isEqualTo(Origin.LOADER);

            admin.aclSetuser("app", AclSetuserArgs.Builder.addPassword("pw"));
            node.warm("k", "v");
            node.ready();
            assertThat(node.tier.health().problem()).isNull();
        }
    }

    @Test
    void certificatesThatAreNotAcceptedAreNamedOnEitherSide() {
        assumeTrue(RedisProcess.binarySpeaksTls(), "skipped: the redis-server of this test was built without TLS");
        try (Certificates certificates = new Certificates();
                Certificates unknown = new Certificates();
                RedisProcess server =
                        RedisProcess.start(Security.mutualTls(certificates).settings())) {
            RedisURI uri = RedisURI.create(Security.mutualTls(certificates).text("", "127.0.0.1:" + server.port(), ""));
            assertRefused(uri, unknown.trustingAndShown(), "trust the authority");
            assertRefused(uri, certificates.trusting(), "keyManager");
            uri.setVerifyPeer(true);
            assertRefused(uri, certificates.trustingAndShown(), "host name that it is for");
        }
    }

    private void assertRefused(RedisURI uri, SslOptions ssl, String remedy) {
        try (Node node = Node.on(RedisTier.builder(uri, ssl).connect(), NAME, cache -> cache)) {
            assertThatThrownBy(() -> Node.get(node.tier.ready()))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining(remedy);
            assertThat(node.tier.health().problem()).contains(remedy);
            assertThat(log.lines()).filteredOn(line -> line.contains(remedy)).hasSizeLessThanOrEqualTo(2);
        }
    }
}
