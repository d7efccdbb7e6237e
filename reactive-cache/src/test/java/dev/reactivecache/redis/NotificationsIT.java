package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactivecache.CacheHealth.Status;
import dev.reactivecache.Cached.Origin;
import io.lettuce.core.AclSetuserArgs;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that announce changes, that could, and that do not. */
@Timeout(60)
class NotificationsIT {
    private static final String NAME = "notified";
    private static final String SETTING = "notify-keyspace-events";

    private static Node node(String uri, NotificationSetup setup) {
        return Node.of(uri, NAME, tier -> tier.notifications(setup), cache -> cache);
    }

    private static Node nodeByDefault(String uri) {
        return Node.on(RedisTier.connect(uri), NAME, cache -> cache);
    }

    private static Set<Character> flags(RedisProcess redis) {
        return redis.foreigner()
                .configGet(SETTING)
                .get(SETTING)
                .chars()
                .mapToObj(c -> (char) c)
                .collect(Collectors.toSet());
    }

    @ParameterizedTest(name = "''{0}'' becomes ''{1}''")
    @CsvSource({"'', E$gxe", "Km, KmE$gxe", "AK, AKE", "lshz, lshzE$gxe", "E$gx, E$gxe"})
    void missingFlagsAreAddedOnLoopbackAndNoneIsTakenAway(String before, String after) {
        try (RedisProcess redis = RedisProcess.start("--" + SETTING, before);
                Node node = nodeByDefault(redis.uri()).ready()) {
            assertThat(flags(redis))
                    .isEqualTo(after.chars().mapToObj(c -> (char) c).collect(Collectors.toSet()));
            node.warm("k", "v");
        }
    }

    @Test
    void flagsThatSufficeAreLeftAlone() {
        try (RedisProcess redis = RedisProcess.start("--" + SETTING, "AKEn");
                Node node = nodeByDefault(redis.uri()).ready()) {
            node.warm("k", "v");

            // CONFIG GET hides the n: had anything been set, new keys would not be announced any more
            try (EventEar ear = EventEar.on(redis.uri(), "new")) {
                redis.foreigner().set("a new key", "v");
                Await.until("it is reported", () -> ear.heard().contains("new a new key"));
            }
        }
    }

    @Test
    void missingFlagsThatMustBeLeftAloneAreAnErrorThatNamesTheCommand() {
        try (RedisProcess redis = RedisProcess.start("--" + SETTING, "Kx");
                Node node = node(redis.uri(), NotificationSetup.LEAVE)) {
            assertThatThrownBy(() -> Node.get(node.tier.ready()))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining("does not announce changes")
                    .hasMessageContaining("CONFIG SET " + SETTING)
                    .hasMessageContaining("managed service");
            assertThat(flags(redis)).containsExactlyInAnyOrder('K', 'x');

            // reads work, from Redis, and never from memory
            assertThat(node.originOf("k", "v1")).isEqualTo(Origin.LOADER);
            for (int i = 0; i < 10; i++) {
                assertThat(node.originOf("k", "never asked")).isEqualTo(Origin.REMOTE);
            }
            Node.get(node.cache.invalidate("k"));
            assertThat(node.read("k", "v2")).isEqualTo("v2");
            assertThat(node.cache.health().status()).isEqualTo(Status.DEGRADED);
            assertThat(node.tier.health().problem()).contains("CONFIG SET");

            // and the command that the message names is all it takes
            String problem = node.tier.health().problem();
            String flags = problem.replaceAll(".*CONFIG SET " + SETTING + " (\\S+) there.*", "$1");
            redis.foreigner().configSet(SETTING, flags);
            node.warm("k", "v2");
            assertThat(node.tier.health().problem()).isNull();
        }
    }

    @Test
    void serverThatRefusesToBeSetIsAnErrorThatNamesTheCommand() {
        try (RedisProcess redis = RedisProcess.start("--user", "app", "on", ">pw", "+@all", "-config", "~*", "&*");
                Node node = node(redis.uri().replace("//", "//app:pw@"), NotificationSetup.ADD_MISSING)) {
            assertThatThrownBy(() -> Node.get(node.tier.ready()))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining("CONFIG SET " + SETTING);
            assertThat(node.originOf("k", "v")).isEqualTo(Origin.LOADER);
            assertThat(node.originOf("k", "v")).isEqualTo(Origin.REMOTE);
        }
    }

    @Test
    void serverThatDoesNotShowItsSettingsIsBelievedOnceItHasTold() {
        try (RedisProcess redis = RedisProcess.start(
                        "--" + SETTING,
                        "E$gxe",
                        "--user",
                        "app",
                        "on",
                        ">pw",
                        "+@all",
                        "-@dangerous",
                        "~rc:*",
                        "resetchannels",
                        "&__keyevent@*",
                        "&rc::fills:*",
                        "&rc::receipts:*");
                Node node = node(redis.uri().replace("//", "//app:pw@"), NotificationSetup.LEAVE)
                        .ready()) {
            node.warm("k", "v");
        }
    }

    @Test
    void serverThatKnowsInfoByAnotherNameIsUsedAllTheSame() {
        try (RedisProcess redis = RedisProcess.start("--" + SETTING, "E$gxe", "--rename-command", "INFO", "HIDDEN");
                Node node = node(redis.uri(), NotificationSetup.LEAVE).ready()) {
            node.warm("k", "v");
        }
    }

    @Test
    void userWithoutTheRightToListenIsAnErrorThatNamesTheRightAndMayBeGivenIt() {
        try (RedisProcess redis = RedisProcess.start(
                        "--" + SETTING, "E$gxe", "--user", "app", "on", ">pw", "+@all", "~*", "resetchannels");
                Node node = node(redis.uri().replace("//", "//app:pw@"), NotificationSetup.LEAVE)) {
            assertThatThrownBy(() -> Node.get(node.tier.ready()))
                    .isInstanceOf(RedisConfigurationException.class)
                    .hasMessageContaining("NOPERM")
                    .hasMessageContaining("__keyevent@");
            assertThat(node.originOf("k", "v")).isEqualTo(Origin.LOADER);
            assertThat(node.originOf("k", "v")).isEqualTo(Origin.REMOTE);

            redis.foreigner().aclSetuser("app", AclSetuserArgs.Builder.allChannels());
            node.warm("k", "v");
        }
    }

    @Test
    void whatChangedWhileFlagsWereMissingIsNotAnsweredOnceTheyAreBack() { // R17
        try (RedisProcess redis = RedisProcess.start();
                Node one = node(redis.uri(), NotificationSetup.ADD_MISSING).ready();
                Node two = node(redis.uri(), NotificationSetup.ADD_MISSING).ready();
                Node writer = node(redis.uri(), NotificationSetup.LEAVE).ready()) {
            // given copies on two nodes
            one.warm("k", "old");
            two.warm("k", "old");

            // when events are switched off, the key changes, and either node adds what is missing
            redis.foreigner().configSet(SETTING, "");
            Node.get(writer.cache.invalidate("k"));
            Await.until("flags are back", () -> flags(redis).contains('E'));

            // then neither believes its copy any more, although the stream never ended
            one.awaitValue("k", "new");
            two.awaitValue("k", "new");
        }
    }

    @Test
    void serverThatForgetsItsFlagsWhenRestartedIsSetAgain() {
        try (RedisProcess redis = RedisProcess.start();
                Node node = nodeByDefault(redis.uri()).ready()) {
            redis.kill();
            redis.launch();

            node.warm("k", "v");
            assertThat(flags(redis)).contains('E', '$', 'g', 'x', 'e');
        }
    }
}
