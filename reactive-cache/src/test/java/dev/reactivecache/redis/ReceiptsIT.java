package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.Awaiting;
import dev.reactivecache.InvalidationReceipt;
import dev.reactivecache.InvalidationReceipt.Acknowledged;
import dev.reactivecache.InvalidationReceipt.AppliedEverywhere;
import dev.reactivecache.InvalidationReceipt.AppliedInPart;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Receipts of nodes on one Redis. Node {@code far} hears of changes over a wire that the test holds. */
@Timeout(60)
class ReceiptsIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Awaiting PATIENT = Awaiting.everyNode(LONG);
    private static final Awaiting SHORT = Awaiting.everyNode(Duration.ofSeconds(2));

    private final RedisProcess redis = RedisProcess.start();
    private final TcpProxy wire = TcpProxy.to(redis);
    private final String name = "receipts";
    private final Node near = Node.live(redis.uri(), name);
    private final Node far = Node.of(wire.uri(), name, tier -> tier.stalenessBound(LONG), cache -> cache)
            .ready();

    @AfterEach
    void stop() {
        wire.events().open();
        far.close();
        near.close();
        wire.close();
        redis.close();
    }

    private InvalidationReceipt invalidate(Awaiting awaiting) {
        return Node.get(near.cache.invalidate("k", awaiting));
    }

    @Test
    void afterTheReceiptNoNodeAnswersWhatWasThereBefore() {
        for (int round = 0; round < 200; round++) {
            String value = "v" + round;
            Node.get(near.cache.put("k", value));
            far.awaitValue("k", value);

            assertThat(invalidate(PATIENT)).isEqualTo(new AppliedEverywhere(2));

            assertThat(Node.get(far.cache.get("k"))).isNull();
            assertThat(Node.get(near.cache.get("k"))).isNull();
        }
    }

    @Test
    void theReceiptWaitsForTheNodeThatHearsLate() {
        far.warm("k", "old");
        wire.events().shut();

        CompletableFuture<InvalidationReceipt> receipt =
                near.cache.invalidate("k", PATIENT).toFuture();
        wire.events().awaitWaiting();
        assertThat(Node.get(far.cache.get("k"))).as("has not heard").isEqualTo("old");
        assertThat(receipt).isNotDone();
        wire.events().open();

        assertThat(receipt).succeedsWithin(Await.LIMIT).isEqualTo(new AppliedEverywhere(2));
        assertThat(Node.get(far.cache.get("k"))).isNull();
    }

    @Test
    void theReceiptSaysWhoIsMissingWhenTheTimeIsUp() {
        wire.events().shut();

        assertThat(invalidate(SHORT)).isEqualTo(new AppliedInPart(1, 2));
    }

    @Test
    void onlyNodesThatHaveTheCacheOpenAreWaitedFor() {
        try (Node stranger = Node.live(redis.uri(), "another");
                Node third = Node.live(redis.uri(), name)) {
            assertThat(stranger.tier).isNotNull();
            assertThat(invalidate(PATIENT)).isEqualTo(new AppliedEverywhere(3));
            Node.get(third.cache.close());
            Await.until("it has left", () -> invalidate(PATIENT).equals(new AppliedEverywhere(2)));
        }
        Node.get(far.tier.close());
        assertThat(invalidate(PATIENT)).isEqualTo(new AppliedEverywhere(1));
    }

    @Test
    void aCacheThatIsOpenedOnATierThatWorksIsKnownBeforeItHasACopy() {
        RedisTier tier = RedisTier.connect(redis.uri());
        Node.get(tier.ready());
        try (Node third = Node.on(tier, name, cache -> cache)) {
            third.warm("k", "old");

            assertThat(invalidate(PATIENT)).isEqualTo(new AppliedEverywhere(3));

            assertThat(Node.get(third.cache.get("k"))).isNull();
        }
    }

    @Test
    void aNodeThatRedisHasNotHeardOfForLongIsNotWaitedFor() {
        String now = redis.foreigner().time().get(0);
        redis.foreigner().zadd("rc::nodes:" + name, Long.parseLong(now) * 1_000 - 1, "00000000000000aa");
        assertThat(invalidate(PATIENT)).isEqualTo(new AppliedEverywhere(2));

        redis.foreigner().zadd("rc::nodes:" + name, Long.parseLong(now) * 1_000 + 60_000, "00000000000000aa");
        assertThat(invalidate(SHORT)).isEqualTo(new AppliedInPart(2, 3));
    }

    @Test
    void whereTheNodesAreNotKnownTheReceiptDoesNotClaimToKnow() throws Exception {
        // each node says every three seconds that it is there: none is to say so between this and the question
        assertThat(redis.say("ACL SETUSER default -zadd")).isEqualTo("+OK");
        redis.foreigner().del("rc::nodes:" + name);

        assertThat(invalidate(SHORT)).isEqualTo(new Acknowledged());

        assertThat(redis.say("ACL SETUSER default +zadd")).isEqualTo("+OK");
        Await.until("they have said so again", () -> invalidate(SHORT).equals(new AppliedEverywhere(2)));
    }

    @Test
    void afterARestartOfRedisANodeIsKnownBeforeItHasACopy() {
        redis.kill();
        Await.until(
                "it is missed",
                () -> !near.tier.health().connected() && !far.tier.health().connected());

        redis.launch();
        near.ready();
        far.ready().warm("k", "old");

        assertThat(invalidate(PATIENT)).isEqualTo(new AppliedEverywhere(2));
    }

    @Test
    void theRightsThatTheDocumentationNamesAreEnough() throws Exception {
        redis.foreigner().configSet("notify-keyspace-events", "Eg$xe");
        String toHear = Node.source == ChangeSource.TRACKING
                ? "&rc::receipts:* +client|tracking"
                : "&__keyevent@* &rc::fills:* &rc::receipts:* +config|get";
        String rights = "~rc:* resetchannels " + toHear + " +get +mget +set +getrange +setrange +strlen"
                + " +del +pexpire +pttl +time +evalsha +eval +publish +subscribe +ping +info"
                + " +zadd +zrem +zscore +zcard +scan +zremrangebyscore +zrangebyscore";
        assertThat(redis.say("ACL SETUSER app on >pw " + rights)).isEqualTo("+OK");
        try (Node limited = Node.of(
                        redis.uri().replace("//", "//app:pw@"),
                        name,
                        tier -> tier.notifications(NotificationSetup.LEAVE),
                        cache -> cache)
                .ready()) {
            limited.warm("k", "v");
            assertThat(Node.get(limited.cache.invalidate("k", PATIENT))).isEqualTo(new AppliedEverywhere(3));
            assertThat(Node.get(limited.cache.writeThrough("k", limited.source("v2"))))
                    .isEqualTo("v2");
            limited.awaitValue("k", "v2");
            assertThat(limited.cache.stats().remoteFailures()).isZero();
        }
    }
}
