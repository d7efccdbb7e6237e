package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.Windows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Values that are served beyond their ttl: who may replace them, what keeps them, and what ends them. */
class RefreshScriptsIT extends ScriptsFixture {
    private static final Duration BRIEF = Duration.ofMillis(5);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Windows SERVED = new Windows(Duration.ofMinutes(10), Duration.ofMinutes(20), Duration.ZERO);
    private static final Windows KEPT = new Windows(Duration.ZERO, Duration.ZERO, HOUR);

    RefreshScriptsIT(RedisServer redis) {
        super(redis);
    }

    private static NewValue value(String text, Duration ttl, Windows windows) {
        return new NewValue(text.getBytes(StandardCharsets.UTF_8), ttl, windows, Duration.ofMillis(7), null);
    }

    private long stored(Duration ttl, Windows windows) {
        return Node.get(region.fill("k", leased(), value("old", ttl, windows)));
    }

    /** Its ttl has ended. */
    private long stale(Windows windows) {
        long stamp = stored(BRIEF, windows);
        long start = System.nanoTime();
        Await.until("its ttl has ended", () -> System.nanoTime() - start > 10_000_000);
        return stamp;
    }

    private RemoteState refresh(long token, long stamp) {
        return Node.get(region.refresh("k", token, LEASE, stamp, Duration.ZERO));
    }

    private long granted(long stamp) {
        long token = Tokens.next();
        assertThat(refresh(token, stamp)).isEqualTo(new RemoteState.Leased(true));
        return token;
    }

    private RemoteState lease(long stamp) {
        return Node.get(region.lease("k", Tokens.next(), LEASE, stamp));
    }

    private StoredEntry entry() {
        return Objects.requireNonNull(StoredEntry.of(bytes()));
    }

    @Test
    void valueIsThereUntilItsLongestWindowEndsAndServedUntilTheLongerOfTwo() {
        stored(TTL, new Windows(Duration.ofMinutes(2), Duration.ofMinutes(3), HOUR));

        assertThat(redis.foreigner().pttl(key))
                .isBetween(HOUR.toMillis(), TTL.plus(HOUR).toMillis());
        assertThat(entry().freshMillis() - entry().storedMillis()).isEqualTo(TTL.toMillis());
        assertThat(entry().revalidateMillis() - entry().freshMillis())
                .isEqualTo(Duration.ofMinutes(2).toMillis());
        assertThat(entry().errorMillis() - entry().freshMillis())
                .isEqualTo(Duration.ofMinutes(3).toMillis());
        assertThat(entry().loadMillis()).isEqualTo(7);
    }

    @Test
    void putAndWriteThroughStoreWindowsAsAFillDoes() {
        Node.get(region.put("k", value("put", TTL, SERVED)));
        assertThat(entry().servedMillis() - entry().freshMillis())
                .isEqualTo(SERVED.error().toMillis());

        Node.get(region.endWrite("k", begun(), value("written", TTL, SERVED)));
        assertThat(entry().servedMillis() - entry().freshMillis())
                .isEqualTo(SERVED.error().toMillis());
    }

    @Test
    void valueUnderRefreshOutlivesItsOwnEnd() {
        long stamp = stale(new Windows(Duration.ofMillis(500), Duration.ZERO, Duration.ZERO));
        long token = granted(stamp);
        assertThat(redis.foreigner().pttl(key)).isBetween(20_000L, LEASE.toMillis());

        assertThat(Node.get(region.renew("k", token, HOUR))).isTrue();
        assertThat(redis.foreigner().pttl(key)).isGreaterThan(HOUR.toMillis() - 10_000);

        // a node takes it for gone a moment before the server does, whose clock it knows only nearly
        Await.until("it may not be served any more", () -> lease(RemoteState.NO_STAMP) instanceof RemoteState.Loading);
        assertThat(Node.get(region.read("k"))).isInstanceOf(RemoteState.Missing.class);
        assertThat(refresh(Tokens.next(), stamp)).isInstanceOf(RemoteState.Loading.class);
        assertThat(fill(token, "new")).isTrue();
        assertHolds("new");
    }

    @Test
    void refreshDoesNotShortenTheLifeOfAValue() {
        long token = granted(stale(SERVED));
        Node.get(region.renew("k", token, Duration.ofSeconds(1)));

        assertThat(redis.foreigner().pttl(key))
                .isGreaterThan(SERVED.revalidate().toMillis());
    }

    @Test
    void extensionGivesTheSameContentANewLife() {
        long stamp = stale(SERVED);
        long token = granted(stamp);
        Windows windows = new Windows(Duration.ofMinutes(1), Duration.ofMinutes(2), HOUR);

        assertThat(Node.get(region.extend("k", token, stamp, TTL, windows, Duration.ofMillis(3))))
                .isTrue();

        assertThat(Node.get(region.read("k"))).isInstanceOfSatisfying(RemoteState.Value.class, read -> {
            assertThat(string(read)).isEqualTo("old");
            assertThat(read.stamp()).isEqualTo(stamp);
            assertThat(read.remaining().isFresh()).isTrue();
        });
        assertThat(entry().freshMillis() - entry().storedMillis()).isEqualTo(TTL.toMillis());
        assertThat(entry().loadMillis())
                .as("the load took longer than the question")
                .isEqualTo(7);
        assertThat(redis.foreigner().pttl(key)).isGreaterThan(HOUR.toMillis());
        assertThat(Node.get(region.refresh("k", Tokens.next(), LEASE, stamp, TTL)))
                .as("the right is given back")
                .isEqualTo(new RemoteState.Leased(true));
    }

    @Test
    void extensionThatIsSentTwiceIsAnsweredAlike() {
        long stamp = stale(SERVED);
        long token = granted(stamp);

        for (int time = 1; time <= 2; time++) {
            assertThat(Node.get(region.extend("k", token, stamp, TTL, SERVED, Duration.ZERO)))
                    .isTrue();
        }
        assertThat(Node.get(region.renew("k", token, LEASE))).as("renewed late").isFalse();
        assertThat(fill(token, "late")).isFalse();
        assertHolds("old");
    }

    private boolean extended(long token, long stamp) {
        return Node.get(region.extend("k", token, stamp, TTL, SERVED, Duration.ZERO));
    }

    /** By one who cannot answer with the value, and so does not have to wait for the rest's end. */
    private Duration failedOnce(long stamp, Duration first, Duration longest) {
        long token = Tokens.next();
        assertThat(Node.get(region.lease("k", token, LEASE, stamp))).isEqualTo(new RemoteState.Leased(true));
        return Node.get(region.rest("k", token, first, longest));
    }

    @Test
    void valueThatTheSourceHasNoLongerIsRemovedWhichIsAnnounced() {
        long token = granted(stale(SERVED));

        assertThat(announcedBy(() -> Node.get(region.remove("k", token)))).containsExactly("del");
        assertAbsent();
    }

    @Test
    void whatIsQuietIsNotAnnounced() {
        long stamp = stale(SERVED);

        assertThat(announcedBy(() -> {
                    long token = granted(stamp);
                    Node.get(region.renew("k", token, LEASE));
                    extended(token, stamp);
                    failedOnce(stamp, LEASE, LEASE);
                    failedOnce(stamp, Duration.ZERO, Duration.ZERO);
                }))
                .isEmpty();
    }
}
