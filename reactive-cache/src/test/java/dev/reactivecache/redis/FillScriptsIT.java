package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A fill needs the current token: who gets one, and what voids it. */
class FillScriptsIT extends ScriptsFixture {
    FillScriptsIT(RedisServer redis) {
        super(redis);
    }

    @Test
    void fillWithTheCurrentTokenIsStoredWithItsTtlAndIsReadableAfterTheHeader() {
        long token = leased();
        assertThat(bytes()).startsWith("rc2L");

        assertThat(fill(token, "{\"name\":\"Ada\"}")).isTrue();

        assertHolds("{\"name\":\"Ada\"}");
        assertThat(redis.foreigner().pttl(key)).isBetween(TTL.toMillis() - 10_000, TTL.toMillis());
        assertThat(Node.get(region.read("k"))).isInstanceOfSatisfying(RemoteState.Value.class, read -> {
            assertThat(string(read)).isEqualTo("{\"name\":\"Ada\"}");
            assertThat(read.absent()).isFalse();
            assertThat(Duration.ofNanos(read.remaining().freshNanos())).isBetween(TTL.minusSeconds(10), TTL);
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

        assertThat(bytes()).startsWith("rc2L");
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
    void rightThatIsHeldIsNotGrantedToAnotherWhoIsToldForHowLong() {
        leased();

        assertRemaining(Node.get(region.lease("k", Tokens.next(), LEASE, RemoteState.NO_STAMP)), LEASE);
        assertRemaining(Node.get(region.read("k")), LEASE);
        assertThat(Node.get(region.inspect("k"))).isInstanceOf(RemoteState.Loading.class);
    }

    private static void assertRemaining(RemoteState state, Duration most) {
        assertThat(state)
                .isInstanceOfSatisfying(
                        RemoteState.Loading.class,
                        loading -> assertThat(Duration.ofNanos(loading.remainingNanos()))
                                .isBetween(most.minusSeconds(10), most));
    }

    @Test
    void rightThatIsRenewedLastsLonger() {
        long token = leased();

        assertThat(Node.get(region.renew("k", token, LEASE.multipliedBy(3)))).isTrue();

        assertRemaining(Node.get(region.read("k")), LEASE.multipliedBy(3));
        assertThat(redis.foreigner().pttl(key))
                .isGreaterThan(LEASE.multipliedBy(2).toMillis());
        assertThat(fill(token, "v")).isTrue();
    }

    @Test
    void rightToReplaceAnUnreadableValueIsRenewedWithoutServingThatValueForLonger() {
        fill(leased(), "unreadable");
        RemoteState.Value value = (RemoteState.Value) Node.get(region.read("k"));
        long token = Tokens.next();
        assertThat(Node.get(region.lease("k", token, LEASE, value.stamp()))).isInstanceOf(RemoteState.Leased.class);

        assertThat(Node.get(region.renew("k", token, TTL.multipliedBy(2)))).isTrue();

        assertThat(Node.get(region.read("k")))
                .isInstanceOfSatisfying(
                        RemoteState.Value.class,
                        read -> assertThat(Duration.ofNanos(read.remaining().servedNanos()))
                                .isLessThanOrEqualTo(TTL));
        assertThat(fill(token, "v")).isTrue();
    }

    @Test
    void onlyTheHolderCanRenew() {
        long token = leased();
        assertThat(Node.get(region.renew("k", Tokens.next(), LEASE))).isFalse();
        Node.get(region.invalidate("k"));
        assertThat(Node.get(region.renew("k", token, LEASE))).isFalse();
        assertAbsent();
        long writer = begun();
        assertThat(Node.get(region.renew("k", writer, LEASE))).isFalse();
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

        assertThat(bytes()).startsWith("rc2A").hasSize(WireFormat.HEADER);
        assertThat(Node.get(region.read("k"))).isInstanceOfSatisfying(RemoteState.Value.class, read -> {
            assertThat(read.absent()).isTrue();
            assertThat(read.payload()).isNull();
        });
    }
}
