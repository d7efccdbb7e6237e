package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.entry.Tokens;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RegionListener;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteState;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** The states of one entry in Redis, and the rights to change it: invariants 2, 3, 4 and 6 of the protocol. */
@ExtendWith(RedisServer.Shared.class)
@Timeout(60)
class ScriptsIT {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final String[] SUBSCRIBED = {
        "del",
        "expired",
        "evicted",
        "rename_from",
        "move_from",
        "rename_to",
        "move_to",
        "copy_to",
        "restore",
        "set",
        "setbit",
        "incrby",
        "incrbyfloat"
    };

    private final RedisServer redis;
    private final String name = RedisServer.name();
    private final String key = "rc:" + name + ":k";
    private RedisTier tier;
    private RemoteRegion region;

    ScriptsIT(RedisServer redis) {
        this.redis = redis;
    }

    @BeforeEach
    void open() {
        tier = RedisTier.builder(redis.uri())
                .notifications(NotificationSetup.ADD_MISSING)
                .connect();
        Node.get(tier.ready());
        region = tier.open(name, new Deaf());
    }

    private static final class Deaf implements RegionListener {
        @Override
        public void onChange(String key, Change change) {}

        @Override
        public void onGap(String reason) {}
    }

    @AfterEach
    void close() {
        Node.get(tier.close());
    }

    private static NewValue value(String text) {
        return new NewValue(text.getBytes(StandardCharsets.UTF_8), TTL, Duration.ofMillis(7));
    }

    private static String string(RemoteState.Value value) {
        return StandardCharsets.UTF_8.decode(value.payload()).toString();
    }

    private long leased() {
        long token = Tokens.next();
        assertThat(Node.get(region.lease("k", token, LEASE, RemoteState.NO_STAMP)))
                .isInstanceOf(RemoteState.Leased.class);
        return token;
    }

    private boolean fill(long token, String text) {
        return Node.get(region.fill("k", token, value(text))) != RemoteState.NO_STAMP;
    }

    private long begun() {
        return begun(LEASE);
    }

    private long begun(Duration quarantine) {
        long token = Tokens.next();
        Node.get(region.beginWrite("k", token, quarantine));
        return token;
    }

    private void end(long token, String text) {
        Node.get(region.endWrite("k", token, value(text)));
    }

    private String bytes() {
        return redis.foreigner().get(key);
    }

    private void assertHolds(String text) {
        assertThat(bytes()).startsWith("rc1V").hasSize(100 + text.length()).endsWith(text);
    }

    private void assertAbsent() {
        assertThat(bytes()).isNull();
    }

    // 2: a fill needs the current token

    @Test
    void fillWithTheCurrentTokenIsStoredWithItsTtlAndIsReadableAfterTheHeader() {
        long token = leased();
        assertThat(bytes()).startsWith("rc1L");

        assertThat(fill(token, "{\"name\":\"Ada\"}")).isTrue();

        assertHolds("{\"name\":\"Ada\"}");
        assertThat(redis.foreigner().pttl(key)).isBetween(TTL.toMillis() - 10_000, TTL.toMillis());
        assertThat(Node.get(region.read("k"))).isInstanceOfSatisfying(RemoteState.Value.class, read -> {
            assertThat(string(read)).isEqualTo("{\"name\":\"Ada\"}");
            assertThat(read.absent()).isFalse();
            assertThat(Duration.ofNanos(read.remainingNanos())).isBetween(TTL.minusSeconds(10), TTL);
            assertThat(Duration.ofNanos(read.ageNanos())).isLessThan(Duration.ofSeconds(10));
        });
    }

    @Test
    void readTellsTheStampThatTheFillGave() {
        long stamp = Node.get(region.fill("k", leased(), value("v")));

        assertThat(Node.get(region.read("k")))
                .isInstanceOfSatisfying(
                        RemoteState.Value.class,
                        read -> assertThat(read.stamp()).isEqualTo(stamp));
        assertThat(Node.get(region.inspect("k"))).isInstanceOfSatisfying(RemoteState.Value.class, seen -> {
            assertThat(seen.stamp()).isEqualTo(stamp);
            assertThat(seen.payload()).isNull();
        });
    }

    @Test
    void equalContentStoredTwiceHasDifferentStamps() {
        long first = Node.get(region.fill("k", leased(), value("v")));
        Node.get(region.invalidate("k"));
        long second = Node.get(region.fill("k", leased(), value("v")));

        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void fillWithoutARightIsRefused() {
        assertThat(fill(Tokens.next(), "v")).isFalse();
        assertAbsent();
    }

    @Test
    void fillWithAnotherTokenThanTheCurrentOneIsRefused() {
        long token = leased();

        assertThat(fill(Tokens.next(), "v")).isFalse();

        assertThat(bytes()).startsWith("rc1L");
        assertThat(fill(token, "v")).isTrue();
    }

    @Test
    void fillOfAnAttemptWhoseLeaseRanOutAndWasTakenOverIsRefused() {
        long slow = Tokens.next();
        Node.get(region.lease("k", slow, Duration.ofMillis(20), RemoteState.NO_STAMP));
        Await.until("it has run out", () -> bytes() == null);
        long quick = leased();

        assertThat(fill(slow, "old")).isFalse();
        assertThat(fill(quick, "new")).isTrue();
        assertThat(fill(slow, "old")).isFalse();
        assertHolds("new");
    }

    @Test
    void fillAfterAnInvalidationIsRefused() {
        long token = leased();
        Node.get(region.invalidate("k"));

        assertThat(fill(token, "old")).isFalse();
        assertAbsent();
    }

    @Test
    void fillAfterAnInvalidationIsRefusedAlsoWhenAnotherHasTakenTheRight() {
        long token = leased();
        Node.get(region.invalidate("k"));
        long newer = leased();

        assertThat(fill(token, "old")).isFalse();
        assertThat(fill(newer, "new")).isTrue();
        assertHolds("new");
    }

    @Test
    void fillAfterAPutIsRefused() {
        long token = leased();
        Node.get(region.put("k", value("put")));

        assertThat(fill(token, "old")).isFalse();
        assertHolds("put");
    }

    @Test
    void fillAfterADeletionByHandIsRefused() {
        long token = leased();
        redis.foreigner().del(key);

        assertThat(fill(token, "old")).isFalse();
        assertAbsent();
    }

    @Test
    void rightThatWasGivenBackIsNoLongerOne() {
        long token = leased();
        Node.get(region.release("k", token));

        assertAbsent();
        assertThat(fill(token, "v")).isFalse();
    }

    @Test
    void onlyTheHolderCanGiveARightBack() {
        long token = leased();
        Node.get(region.release("k", Tokens.next()));

        assertThat(fill(token, "v")).isTrue();
        Node.get(region.release("k", token));
        assertHolds("v");
    }

    @Test
    void rightThatIsHeldIsNotGrantedToAnother() {
        leased();

        assertThat(Node.get(region.lease("k", Tokens.next(), LEASE, RemoteState.NO_STAMP)))
                .isInstanceOf(RemoteState.Loading.class);
        assertThat(Node.get(region.read("k"))).isInstanceOf(RemoteState.Loading.class);
        assertThat(Node.get(region.inspect("k"))).isInstanceOf(RemoteState.Loading.class);
    }

    @Test
    void whoAsksForTheRightAndFindsAValueGetsIt() {
        fill(leased(), "v");

        assertThat(Node.get(region.lease("k", Tokens.next(), LEASE, RemoteState.NO_STAMP)))
                .isInstanceOfSatisfying(
                        RemoteState.Value.class,
                        found -> assertThat(string(found)).isEqualTo("v"));
    }

    @Test
    void valueThatTheAskerCannotReadIsReplacedByHimAndStaysForOthersMeanwhile() {
        long stamp = Node.get(region.fill("k", leased(), value("unreadable for some")));
        long token = Tokens.next();

        assertThat(Node.get(region.lease("k", token, LEASE, stamp))).isInstanceOf(RemoteState.Leased.class);
        assertHolds("unreadable for some");
        assertThat(Node.get(region.lease("k", Tokens.next(), LEASE, stamp))).isInstanceOf(RemoteState.Loading.class);
        assertThat(fill(token, "short")).isTrue();
        assertHolds("short");
    }

    @Test
    void rightToReplaceAValueThatIsGivenBackLeavesTheValue() {
        long stamp = Node.get(region.fill("k", leased(), value("v")));
        long token = Tokens.next();
        Node.get(region.lease("k", token, LEASE, stamp));

        Node.get(region.release("k", token));

        assertHolds("v");
        assertThat(fill(token, "late")).isFalse();
    }

    @Test
    void knownAbsenceIsStored() {
        assertThat(Node.get(region.fill("k", leased(), new NewValue(null, TTL, Duration.ZERO))))
                .isNotEqualTo(RemoteState.NO_STAMP);

        assertThat(bytes()).startsWith("rc1A").hasSize(100);
        assertThat(Node.get(region.read("k"))).isInstanceOfSatisfying(RemoteState.Value.class, read -> {
            assertThat(read.absent()).isTrue();
            assertThat(read.payload()).isNull();
        });
    }

    // 3: quarantines

    @Test
    void nobodyFillsWhileAWriteIsUnderWay() {
        long before = leased();
        long write = begun();

        assertThat(fill(before, "old")).isFalse();
        assertThat(Node.get(region.lease("k", Tokens.next(), LEASE, RemoteState.NO_STAMP)))
                .isInstanceOf(RemoteState.Writing.class);
        assertThat(Node.get(region.read("k"))).isInstanceOf(RemoteState.Writing.class);
        assertThat(fill(write, "with the write's own token")).isFalse();
        assertThat(bytes()).startsWith("rc1W");
    }

    @Test
    void soleWriteStoresItsValue() {
        fill(leased(), "a much longer value than the one that comes after it");
        end(begun(), "new");

        assertHolds("new");
        assertThat(redis.foreigner().pttl(key)).isBetween(TTL.toMillis() - 10_000, TTL.toMillis());
    }

    @Test
    void overlappingWritesStoreNothing() {
        long first = begun();
        long second = begun();

        end(first, "one");
        assertThat(bytes()).startsWith("rc1W");
        end(second, "two");
        assertAbsent();
    }

    @Test
    void writeThatOverlapsWithOneThatBeganAndEndedWithinItStoresNothing() {
        long outer = begun();
        end(begun(), "inner");

        assertThat(bytes()).startsWith("rc1W");
        end(outer, "outer");
        assertAbsent();
    }

    @Test
    void writeThatAnInvalidationOverlapsWithStoresNothing() {
        long write = begun();
        Node.get(region.invalidate("k"));

        assertThat(bytes()).startsWith("rc1W");
        end(write, "perhaps older");
        assertAbsent();
    }

    @Test
    void writeThatAPutOverlapsWithStoresNothingAndNeitherDoesThePut() {
        long write = begun();
        Node.get(region.put("k", value("put")));

        assertThat(bytes()).startsWith("rc1W");
        end(write, "perhaps older");
        assertAbsent();
    }

    @Test
    void writeWhoseQuarantineHasRunOutStoresNothing() {
        long write = begun(Duration.ofMillis(20));
        Await.until("it has run out", () -> bytes() == null);

        end(write, "late");
        assertAbsent();
    }

    @Test
    void writeWhoseQuarantineHasRunOutRemovesWhatWasFilledSince() {
        long write = begun(Duration.ofMillis(20));
        Await.until("it has run out", () -> bytes() == null);
        fill(leased(), "read before the late commit");

        end(write, "late");
        assertAbsent();
    }

    @Test
    void writeWhoseQuarantineWasLostStoresNothing() { // evicted, flushed, deleted by hand
        long write = begun();
        redis.foreigner().del(key);
        fill(leased(), "read before the commit");

        end(write, "new");
        assertAbsent();
    }

    @Test
    void quarantineThatHasRunOutDoesNotHideOneThatHasNot() {
        long brief = begun(Duration.ofMillis(20));
        long lasting = begun();
        Await.until("the one has run out", () -> {
            Node.get(region.invalidate("k"));
            return bytes().length() == 100 + 29;
        });

        assertThat(Node.get(region.lease("k", Tokens.next(), LEASE, RemoteState.NO_STAMP)))
                .isInstanceOf(RemoteState.Writing.class);
        end(brief, "late");
        assertThat(bytes()).startsWith("rc1W");
        end(lasting, "new");
        assertAbsent();
    }

    @Test
    void writeThatStoresNothingLeavesTheKeyAbsent() {
        long write = begun();
        Node.get(region.endWrite("k", write, null));

        assertAbsent();
        assertThat(fill(leased(), "v")).isTrue();
    }

    @Test
    void putReplacesAValueOfAnyLengthAndItsTtl() {
        Node.get(region.put("k", value("a longer value")));
        Node.get(region.put(
                "k", new NewValue("short".getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(5), Duration.ZERO)));

        assertHolds("short");
        assertThat(redis.foreigner().pttl(key)).isBetween(1L, 5_000L);
    }

    // 4: what is announced

    private List<String> announcedBy(Runnable operation) {
        try (EventEar ear = EventEar.on(redis.uri(), SUBSCRIBED)) {
            operation.run();
            return ear.heardByNow().stream()
                    .filter(event -> event.endsWith(' ' + key))
                    .map(event -> event.substring(0, event.indexOf(' ')))
                    .toList();
        }
    }

    @Test
    void invalidationIsAnnouncedOnceAlsoOfAnAbsentKey() {
        assertThat(announcedBy(() -> Node.get(region.invalidate("k")))).containsExactly("del");
        fill(leased(), "v");
        assertThat(announcedBy(() -> Node.get(region.invalidate("k")))).containsExactly("del");
        leased();
        assertThat(announcedBy(() -> Node.get(region.invalidate("k")))).containsExactly("del");
        begun();
        assertThat(announcedBy(() -> Node.get(region.invalidate("k")))).containsExactly("del");
    }

    @Test
    void beginningAndEndOfAWriteAreAnnouncedOnceEach() {
        long[] token = new long[1];
        assertThat(announcedBy(() -> token[0] = begun())).containsExactly("del");
        assertThat(announcedBy(() -> end(token[0], "v"))).containsExactly("del");
        assertHolds("v");
        assertThat(announcedBy(() -> token[0] = begun())).containsExactly("del");
        long other = begun();
        assertThat(announcedBy(() -> end(token[0], "v"))).containsExactly("del");
        assertThat(announcedBy(() -> end(other, "v"))).containsExactly("del");
    }

    @Test
    void putIsAnnouncedOnce() {
        assertThat(announcedBy(() -> Node.get(region.put("k", value("v"))))).containsExactly("del");
        assertThat(announcedBy(() -> Node.get(region.put("k", value("w"))))).containsExactly("del");
    }

    @Test
    void leaseIsNotAnnouncedAndAFillIsAnnouncedOnce() {
        long[] token = new long[1];
        assertThat(announcedBy(() -> token[0] = leased())).isEmpty();
        assertThat(announcedBy(() -> assertThat(fill(token[0], "v")).isTrue())).containsExactly("del");
    }

    @Test
    void replacementOfAValueIsAnnounced() {
        long stamp = Node.get(region.fill("k", leased(), value("v")));
        long token = Tokens.next();

        assertThat(announcedBy(() -> Node.get(region.lease("k", token, LEASE, stamp))))
                .isEmpty();
        assertThat(announcedBy(() -> fill(token, "w"))).containsExactly("del");
    }

    @Test
    void invalidationOfAKeyWhoseTimeHasEndedIsAnnounced() {
        // DEL of such a key is answered with 0 and tells only that it expired
        assertThat(announcedBy(() -> {
                    Node.get(region.put(
                            "k",
                            new NewValue("v".getBytes(StandardCharsets.UTF_8), Duration.ofMillis(1), Duration.ZERO)));
                    Node.get(region.invalidate("k"));
                }))
                .filteredOn("del"::equals)
                .hasSize(2);
    }

    // 6: each script twice in a row is as safe as once

    private <T> T twice(Script script, byte[]... args) {
        Stream.of(1, 2).forEach(time -> run(script, args));
        return null;
    }

    private Object run(Script script, byte[]... args) {
        byte[][] keys = {key.getBytes(StandardCharsets.UTF_8)};
        return redis.foreignerOfBytes().eval(script.source(), ScriptOutputType.INTEGER, keys, args);
    }

    private static byte[] text(Object value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[][] stored(long token, String text, long stamp) {
        return new byte[][] {
            WireFormat.hex(token),
            text("V"),
            text(text),
            WireFormat.hex(stamp),
            text(60_000),
            text(1),
            text("a channel")
        };
    }

    @Test
    void fillThatIsSentTwiceIsStoredOnceAndAnsweredTwice() {
        byte[][] args = stored(leased(), "v", Tokens.next());

        assertThat(announcedBy(() -> {
                    assertThat(run(Script.FILL, args)).isEqualTo(1L);
                    assertThat(run(Script.FILL, args)).isEqualTo(1L);
                }))
                .containsExactly("del");
        assertHolds("v");
    }

    @Test
    void fillThatIsSentAgainAfterAnInvalidationIsRefused() {
        byte[][] args = stored(leased(), "v", Tokens.next());
        run(Script.FILL, args);
        Node.get(region.invalidate("k"));

        assertThat(run(Script.FILL, args)).isEqualTo(0L);
        leased();
        assertThat(run(Script.FILL, args)).isEqualTo(0L);
    }

    @Test
    void endOfAWriteThatIsSentTwiceStoresOnce() {
        long token = begun();
        byte[][] args = stored(token, "v", Tokens.next());

        assertThat(run(Script.END_WRITE, args)).isEqualTo(2L);
        assertThat(run(Script.END_WRITE, args)).isEqualTo(2L);
        assertHolds("v");
    }

    @Test
    void endOfAWriteThatIsSentAgainAfterAnInvalidationStoresNothing() {
        long token = begun();
        byte[][] args = stored(token, "v", Tokens.next());
        run(Script.END_WRITE, args);
        Node.get(region.invalidate("k"));

        assertThat(run(Script.END_WRITE, args)).isEqualTo(0L);
        assertAbsent();
    }

    @Test
    void endOfAWriteThatIsSentAgainAfterANewerWriteNeverBringsTheOlderValueBack() {
        byte[][] args = stored(begun(), "older", Tokens.next());
        run(Script.END_WRITE, args);
        end(begun(), "newer");

        assertThat(run(Script.END_WRITE, args)).isEqualTo(0L);
        assertAbsent();
    }

    @Test
    void beginningOfAWriteThatIsSentTwiceIsOneWriter() {
        long token = Tokens.next();
        twice(Script.BEGIN_WRITE, WireFormat.hex(token), text(30_000));

        assertThat(bytes()).hasSize(100 + 29);
        end(token, "v");
        assertHolds("v");
    }

    @Test
    void beginningThatIsSentAgainAmongOthersKeepsThem() {
        long first = Tokens.next();
        run(Script.BEGIN_WRITE, WireFormat.hex(first), text(30_000));
        long second = begun();
        run(Script.BEGIN_WRITE, WireFormat.hex(first), text(30_000));

        assertThat(bytes()).hasSize(100 + 2 * 29);
        end(second, "two");
        end(first, "one");
        assertAbsent();
    }

    @Test
    void leaseThatIsAskedForTwiceIsOneRight() {
        long token = leased();
        assertThat(Node.get(region.lease("k", token, LEASE, RemoteState.NO_STAMP)))
                .isInstanceOf(RemoteState.Leased.class);
        assertThat(fill(token, "v")).isTrue();
    }

    @Test
    void putThatIsSentTwiceIsAnnouncedOnce() {
        byte[][] args = {text("V"), text("v"), WireFormat.hex(Tokens.next()), text(60_000), text(1)};

        assertThat(announcedBy(() -> {
                    run(Script.PUT, args);
                    run(Script.PUT, args);
                }))
                .containsExactly("del");
        assertHolds("v");
    }

    @Test
    void releaseAndInvalidationMayBeSentTwice() {
        twice(Script.RELEASE, WireFormat.hex(leased()));
        assertAbsent();
        fill(leased(), "v");
        twice(Script.INVALIDATE);
        assertAbsent();
    }

    // and the rest

    @ParameterizedTest
    @EnumSource
    void serverThatHasForgottenAScriptIsSentItsText(Script script) {
        redis.foreigner().scriptFlush();

        Mono<?> use = switch (script) {
            case LEASE -> region.lease("k", Tokens.next(), LEASE, RemoteState.NO_STAMP);
            case FILL -> region.fill("k", Tokens.next(), value("v"));
            case RELEASE -> region.release("k", Tokens.next());
            case INVALIDATE -> region.invalidate("k");
            case BEGIN_WRITE -> region.beginWrite("k", Tokens.next(), LEASE);
            case END_WRITE -> region.endWrite("k", Tokens.next(), value("v"));
            case PUT -> region.put("k", value("v"));
            case ATTEND, ATTENDANTS ->
                tier.open(name + "-2", new Deaf()).spread("k").next();
        };

        Node.get(use);
        assertThat(redis.foreigner().scriptExists(script.digest())).containsExactly(true);
    }

    @Test
    void emptyAndLargePayloadsComeBackAsTheyWere() {
        for (String text : List.of("", "x", "\0\r\n{}'\"\\", "é".repeat(500_000))) {
            Node.get(region.put("k", value(text)));

            assertThat(Node.get(region.read("k")))
                    .isInstanceOfSatisfying(
                            RemoteState.Value.class,
                            read -> assertThat(StandardCharsets.UTF_8
                                            .decode(read.payload())
                                            .toString())
                                    .isEqualTo(text));
        }
    }

    @Test
    void remainingLifeIsNeverLongerThanRedisSays() {
        for (int round = 0; round < 50; round++) {
            Node.get(region.put("k", value("v")));

            long before = System.nanoTime();
            RemoteState.Value read = (RemoteState.Value) Node.get(region.read("k"));
            Duration left = Duration.ofMillis(redis.foreigner().pttl(key) + 1);
            Duration since = Duration.ofNanos(System.nanoTime() - before);

            // it counts from when the read was sent, which was after `before`
            assertThat(Duration.ofNanos(read.remainingNanos())).isLessThanOrEqualTo(left.plus(since));
        }
    }
}
