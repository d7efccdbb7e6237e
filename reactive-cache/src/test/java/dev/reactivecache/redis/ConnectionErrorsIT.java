package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.Cached.Origin;
import io.lettuce.core.RedisURI;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of connecting say why, in words that help and never hold a password. */
@Timeout(60)
class ConnectionErrorsIT {
    private static final String SECRET = "s3cret!pw";
    private static final String NAME = "refused";

    private final CapturedLog log = new CapturedLog();

    @AfterEach
    void noPasswordWasLogged() {
        log.close();
        assertThat(log.lines()).noneMatch(line -> line.contains(SECRET)).noneMatch(line -> line.contains("s3cret"));
    }

    /** The error of a tier that will never be ready; it has no password in it, and reads go on. */
    private static Throwable refusalOf(String uri) {
        try (Node node = Node.of(uri, NAME, tier -> tier, cache -> cache)) {
            Throwable refusal = Node.get(node.tier.ready().materialize()).getThrowable();

            assertThat(refusal).isNotNull();
            assertThat(trace(refusal)).doesNotContain("s3cret");
            assertThat(String.valueOf(node.tier)).doesNotContain("s3cret");
            assertThat(String.valueOf(node.tier.health())).doesNotContain("s3cret");
            assertThat(node.tier.health().problem()).isEqualTo(refusal.getMessage());
            assertThat(node.originOf("k", "v")).isEqualTo(Origin.LOADER);
            Throwable write = Node.get(node.cache.invalidate("k").materialize()).getThrowable();
            assertThat(trace(write)).doesNotContain("s3cret");
            return refusal;
        }
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String withLogin(RedisProcess redis, String login) {
        return redis.uri().replace("//", "//" + login + "@");
    }

    @Test
    void rightPasswordIsAccepted() {
        try (RedisProcess redis = RedisProcess.start("--requirepass", SECRET);
                Node node = Node.live(withLogin(redis, ":s3cret%21pw"), NAME)) {
            node.warm("k", "v");
            assertThat(String.valueOf(node.tier)).isEqualTo("RedisTier[127.0.0.1:" + redis.port() + "/0]");
        }
    }

    @Test
    void wrongPasswordIsToldAsSuch() {
        try (RedisProcess redis = RedisProcess.start("--requirepass", "another")) {
            assertThat(refusalOf(withLogin(redis, ":s3cret%21pw")))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining("refuses the connection")
                    .hasMessageContaining("WRONGPASS");
        }
    }

    @Test
    void missingPasswordIsToldAsSuch() {
        try (RedisProcess redis = RedisProcess.start("--requirepass", SECRET)) {
            assertThat(refusalOf(redis.uri()))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining("NOAUTH");
        }
    }

    @Test
    void userOfAnAccessListIsAccepted() {
        try (RedisProcess redis = RedisProcess.start("--user", "app", "on", ">" + SECRET, "+@all", "~rc:*", "&*");
                Node node = Node.live(withLogin(redis, "app:s3cret%21pw"), NAME)) {
            node.warm("k", "v");
        }
    }

    @Test
    void unknownUserIsToldAsSuch() {
        try (RedisProcess redis = RedisProcess.start()) {
            assertThat(refusalOf(withLogin(redis, "nobody:s3cret%21pw")))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining("WRONGPASS");
        }
    }

    @Test
    void databaseOfTheUriIsUsedAndEventsOfOthersAreNot() {
        try (RedisProcess redis = RedisProcess.start();
                Node node = Node.live(redis.uri() + "/3", NAME)) {
            node.warm("k", "v");
            var foreigner = redis.foreigner();
            foreigner.set("rc:" + NAME + ":k", "in database 0");
            node.awaitStreamCaughtUp();
            assertThat(node.originOf("k", "never asked")).isEqualTo(Origin.LOCAL);

            foreigner.select(3);
            assertThat(foreigner.get("rc:" + NAME + ":k")).endsWith("v");
            foreigner.del("rc:" + NAME + ":k");
            node.awaitValue("k", "v2");
            assertThat(String.valueOf(node.tier)).endsWith("/3]");
        }
    }

    @Test
    void databaseThatTheServerDoesNotHaveIsToldAsSuch() {
        try (RedisProcess redis = RedisProcess.start()) {
            assertThat(refusalOf(redis.uri() + "/99"))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining("DB index is out of range");
        }
    }

    @Test
    void serverOfBeforeVersionSixIsToldAsSuch() {
        try (RespServer old = new RespServer(command -> switch (command) {
            case "HELLO" -> "-ERR unknown command `HELLO`, with args beginning with: `3`, ";
            case "PING" -> "+PONG";
            case "INFO" -> {
                String info = "# Server\r\nredis_version:5.0.14\r\nredis_mode:standalone\r\n";
                yield "$" + info.length() + "\r\n" + info;
            }
            default -> "+OK";
        })) {
            assertThat(refusalOf(old.uri()))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining("6.0 or newer is needed")
                    .hasMessageContaining("5.0.14");
            Await.until("its connections are closed", () -> old.openConnections() == 0);
            assertThat(log.lines()).filteredOn(line -> line.contains("5.0.14")).hasSize(1);
            assertThat(old.commands()).doesNotContain("SUBSCRIBE", "EVAL", "EVALSHA");
        }
    }

    @Test
    void serverThatSaysNothingIsToldAsSuch() {
        try (RedisProcess mute = RedisProcess.start()) {
            mute.pause();
            try (Node node = Node.of(mute.uri(), NAME, tier -> tier, cache -> cache)) {
                Await.until("it says so", () -> node.tier.health().problem() != null);
                assertThat(node.tier.health().problem()).contains("no connection within PT5S");
                mute.resume();
                node.warm("k", "v");
            }
        }
    }

    @Test
    void tlsAgainstAPlainPortIsToldAsTrouble() {
        try (RedisProcess plain = RedisProcess.start();
                Node node = Node.of(plain.uri().replace("redis://", "rediss://"), NAME, tier -> tier, cache -> cache)) {
            Await.until("it says so", () -> node.tier.health().problem() != null);
            assertThat(node.tier.health().problem()).contains("connect");
        }
    }

    @Test
    void passwordThatIsPutRightOnTheServerIsAcceptedWithoutARestart() {
        try (RedisProcess redis = RedisProcess.start("--requirepass", "another");
                Node node = Node.of(withLogin(redis, ":s3cret%21pw"), NAME, tier -> tier, cache -> cache)) {
            assertThat(Node.get(node.tier.ready().materialize()).getThrowable())
                    .isInstanceOf(RedisConfigurationException.class);

            redis.foreigner(RedisURI.create(withLogin(redis, ":another"))).configSet("requirepass", SECRET);

            node.warm("k", "v");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:6379",
                "http://localhost",
                "redis-cluster://",
                "redis-cluster://localhost/1",
                "redis-cluster://localhost:notaport",
                "redis-cluster://localhost:99999",
                "redis-cluster://localhost:6379,",
                "redis-cluster://:s3cret!pw",
                "redis-cluster://:s3cret!pw@one:1,:s3cret!pw@two:2",
                "redis-cluster://user:s3cret%zzpw@localhost",
                "rediss-cluster://user:s3/s3cret!pw@localhost",
                "redis-sentinel://",
                "redis-sentinel://localhost",
                "redis-sentinel://localhost:26379,localhost:26380/0",
                "redis-sentinel://localhost?sentinelMasterId=",
                "redis-sentinel://localhost#",
                "redis-sentinel://localhost,?sentinelMasterId=m",
                "redis-sentinel://localhost:notaport?sentinelMasterId=m",
                "redis-sentinel://localhost:99999?sentinelMasterId=m",
                "redis-sentinel://:s3cret!pw?sentinelMasterId=m",
                "redis-sentinel://user:s3cret!pw@?sentinelMasterId=m",
                "redis-sentinel://:s3cret!pw@one:1,:s3cret!pw@two:2?sentinelMasterId=m",
                "redis-sentinel://user:s3cret%zzpw@localhost?sentinelMasterId=m",
                "redis://one:6379,two:6379",
                "redis://",
                "redis:///1",
                "redis://:s3cret!pw",
                "redis://user:s3cret!pw",
                "redis://:s3cret!pw@",
                "redis://:s3cret!pw@:6379",
                "redis://localhost:notaport",
                "redis://localhost:99999",
                "redis://:s3cret!pw@localhost:s3cret!pw",
                "redis://localhost/notadatabase",
                "redis://localhost/-1",
                "redis://user:s3cret!pw@local host",
                "redis://user:s3cret!pw#@localhost",
                "redis://user:s3#s3cret!pw@localhost:6379",
                "redis://user:s3/s3cret!pw@localhost:6379",
                "redis://user:s3?s3cret!pw@localhost:6379",
                "redis://user:s3@s3cret!pw@localhost:6379",
                "redis-socket:///redis.sock",
                "user:s3cret!pw@localhost",
                "rediss://user:s3cret%zzpw@localhost"
            })
    void malformedUriIsRefusedAtTheCall(String uri) {
        assertThatThrownBy(() -> RedisTier.builder(uri)).satisfies(refusal -> {
            assertThat(refusal).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("Redis URI");
            assertThat(trace(refusal)).doesNotContain("s3cret");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "redis://localhost, localhost:6379/0",
        "redis://redis_1, redis_1:6379/0",
        "redis://redis_1:6380, redis_1:6380/0",
        "redis://app:s3cret%21pw@redis_1:6380/2, redis_1:6380/2",
        "redis://redis-1.example:6380/2, redis-1.example:6380/2",
        "redis://app:s3cret%21pw@10.0.0.1:6380/2, 10.0.0.1:6380/2",
        "redis://:s3cret!pw@localhost, localhost:6379/0",
        "rediss://[::1]:6380/1, [::1]:6380/1",
        "redis-sentinel://localhost?sentinelMasterId=m, localhost:26379#m/0",
        "redis-sentinel://localhost:5000#m, localhost:5000#m/0",
        "'redis-sentinel://one:5000,two/3?sentinelMasterId=m', 'one:5000,two:26379#m/3'",
        "'redis-sentinel://app:s3cret%21pw@sentinel_1:5000,10.0.0.1:5001/3#m', 'sentinel_1:5000,10.0.0.1:5001#m/3'",
        "rediss-sentinel://:s3cret!pw@localhost/3?sentinelMasterId=m&timeout=5s, localhost:26379#m/3"
    })
    void wellFormedUriIsTold(String uri, String server) {
        assertThat(new RedisSettings(RedisAddress.parse(uri), null, null, null, null, null, null, 0).server())
                .isEqualTo(server);
    }

    @ParameterizedTest
    @CsvSource({
        "redis-cluster://localhost, localhost:6379",
        "redis-cluster://app:s3cret%21pw@localhost/, localhost:6379",
        "'rediss-cluster://:s3cret!pw@node_1:6380,[::1],10.0.0.1:7000/0?timeout=3s', 'node_1:6380,[::1]:6379,10.0.0.1:7000'"
    })
    void wellFormedUriOfAClusterIsTold(String uri, String nodes) {
        assertThat(ClusterAddress.text(ClusterAddress.parse(uri))).isEqualTo(nodes);
        assertThat(ClusterAddress.parse(uri)).allMatch(node -> node.isSsl() == uri.startsWith("rediss"));
    }

    @Test
    void absentUriIsRefusedAtTheCall() {
        assertThatThrownBy(() -> RedisTier.connect((String) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("Redis URI");
    }
}
