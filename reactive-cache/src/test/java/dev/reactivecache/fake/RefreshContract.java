package dev.reactivecache.fake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.internal.entry.Tokens;
import dev.reactivecache.remote.NewValue;
import dev.reactivecache.remote.RemoteRegion;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.Windows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/**
 * What any region promises of values that are served beyond their ttl: who may replace them, what keeps them, and what
 * ends them.
 */
public abstract class RefreshContract {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration TTL = Duration.ofMinutes(1);
    private static final Duration BRIEF = Duration.ofMillis(5);
    private static final Windows SERVED = new Windows(Duration.ofMinutes(10), Duration.ofMinutes(20), Duration.ZERO);
    private static final Windows KEPT = new Windows(Duration.ZERO, Duration.ZERO, Duration.ofHours(1));

    /** A region in which nobody else is. */
    protected abstract RemoteRegion region();

    /** Lets time pass, on the clock that values end by. */
    protected abstract void letPass(Duration span);

    private static <T> T get(Mono<T> mono) {
        return mono.block(Duration.ofSeconds(20));
    }

    private static NewValue value(String text, Duration ttl, Windows windows) {
        return new NewValue(text.getBytes(StandardCharsets.UTF_8), ttl, windows, Duration.ofMillis(7), null);
    }

    private static String string(RemoteState.Value value) {
        return StandardCharsets.UTF_8
                .decode(Objects.requireNonNull(value.payload()))
                .toString();
    }

    private long leased() {
        long token = Tokens.next();
        assertThat(get(region().lease("k", token, LEASE, RemoteState.NO_STAMP)))
                .isEqualTo(new RemoteState.Leased(false));
        return token;
    }

    private long stored(Duration ttl, Windows windows) {
        return get(region().fill("k", leased(), value("old", ttl, windows)));
    }

    private boolean fill(long token, String text) {
        return get(region().fill("k", token, value(text, TTL, SERVED))) != RemoteState.NO_STAMP;
    }

    /** Its ttl has ended. */
    private long stale(Windows windows) {
        long stamp = stored(BRIEF, windows);
        letPass(BRIEF.multipliedBy(2));
        return stamp;
    }

    private RemoteState refresh(long token, long stamp) {
        return get(region().refresh("k", token, LEASE, stamp, Duration.ZERO));
    }

    private long granted(long stamp) {
        long token = Tokens.next();
        assertThat(refresh(token, stamp)).isEqualTo(new RemoteState.Leased(true));
        return token;
    }

    private RemoteState lease(long stamp) {
        return get(region().lease("k", Tokens.next(), LEASE, stamp));
    }

    private boolean extended(long token, long stamp) {
        return get(region().extend("k", token, stamp, TTL, SERVED, Duration.ZERO));
    }

    /** By one who cannot answer with the value, and so does not have to wait for the rest's end. */
    private Duration failedOnce(long stamp, Duration first, Duration longest) {
        long token = Tokens.next();
        assertThat(get(region().lease("k", token, LEASE, stamp))).isEqualTo(new RemoteState.Leased(true));
        return get(region().rest("k", token, first, longest));
    }

    private void assertValue(String text) {
        assertThat(get(region().read("k")))
                .isInstanceOfSatisfying(
                        RemoteState.Value.class,
                        value -> assertThat(string(value)).isEqualTo(text));
    }

    private void assertAbsent() {
        assertThat(get(region().read("k"))).isInstanceOf(RemoteState.Missing.class);
    }

    @Test
    void staleValueIsReadAndSaysThatItIs() {
        stale(SERVED);

        assertThat(get(region().read("k"))).isInstanceOfSatisfying(RemoteState.Value.class, read -> {
            assertThat(string(read)).isEqualTo("old");
            assertThat(read.remaining().isFresh()).isFalse();
            assertThat(Duration.ofNanos(read.remaining().revalidateNanos()))
                    .isBetween(SERVED.revalidate().minusSeconds(10), SERVED.revalidate());
            assertThat(Duration.ofNanos(read.remaining().errorNanos()))
                    .isBetween(SERVED.error().minusSeconds(10), SERVED.error());
            assertThat(Duration.ofNanos(read.loadNanos())).isEqualTo(Duration.ofMillis(7));
        });
    }

    @Test
    void valueThatIsOnlyKeptIsNeverReadButCanBeExtended() {
        long stamp = stale(KEPT);
        assertThat(get(region().read("k"))).isInstanceOf(RemoteState.Missing.class);
        assertThat(get(region().inspect("k"))).isInstanceOf(RemoteState.Missing.class);
        assertThat(refresh(Tokens.next(), stamp)).isInstanceOf(RemoteState.Missing.class);

        long token = Tokens.next();
        assertThat(get(region().lease("k", token, LEASE, stamp))).isEqualTo(new RemoteState.Leased(true));
        assertThat(get(region().extend("k", token, stamp, TTL, KEPT, Duration.ofMillis(1))))
                .isTrue();

        assertThat(get(region().read("k"))).isInstanceOf(RemoteState.Value.class);
    }

    @Test
    void oneRefreshesAStaleValueWhileAllReadIt() {
        long stamp = stale(SERVED);
        long token = granted(stamp);

        assertThat(refresh(Tokens.next(), stamp)).isInstanceOf(RemoteState.Loading.class);
        assertThat(get(region().read("k"))).isInstanceOf(RemoteState.Value.class);
        assertThat(refresh(token, stamp)).as("asked again").isEqualTo(new RemoteState.Leased(true));
        assertThat(fill(token, "new")).isTrue();
        assertValue("new");
    }

    @Test
    void freshValueIsRefreshedOnlyIfThatIsAskedFor() {
        long stamp = stored(TTL, SERVED);

        assertThat(refresh(Tokens.next(), stamp)).isInstanceOfSatisfying(RemoteState.Value.class, fresh -> {
            assertThat(fresh.payload()).isNull();
            assertThat(fresh.stamp()).isEqualTo(stamp);
            assertThat(fresh.remaining().isFresh()).isTrue();
        });
        assertThat(get(region().refresh("k", Tokens.next(), LEASE, stamp, TTL)))
                .isEqualTo(new RemoteState.Leased(true));
    }

    @Test
    void whoAsksToReplaceWhatIsNoLongerThereGetsWhatIs() {
        stale(SERVED);

        assertThat(refresh(Tokens.next(), Tokens.next()))
                .isInstanceOfSatisfying(
                        RemoteState.Value.class,
                        other -> assertThat(string(other)).isEqualTo("old"));
        get(region().invalidate("k"));
        assertThat(refresh(Tokens.next(), Tokens.next())).isInstanceOf(RemoteState.Missing.class);
        leased();
        assertThat(refresh(Tokens.next(), Tokens.next())).as("loaded").isInstanceOf(RemoteState.Missing.class);
        get(region().beginWrite("k", Tokens.next(), LEASE));
        assertThat(refresh(Tokens.next(), Tokens.next())).isInstanceOf(RemoteState.Writing.class);
    }

    @Test
    void grantSaysWhetherItIsOverTheContentThatWasNamed() {
        assertThat(lease(Tokens.next())).isEqualTo(new RemoteState.Leased(false));
        get(region().invalidate("k"));

        long stamp = stale(KEPT);
        assertThat(lease(Tokens.next())).isEqualTo(new RemoteState.Leased(false));
        get(region().invalidate("k"));

        stamp = stale(KEPT);
        assertThat(lease(stamp)).isEqualTo(new RemoteState.Leased(true));
    }

    @Test
    void extensionNeedsTheRightAndTheContent() {
        long stamp = stale(SERVED);
        long token = granted(stamp);

        assertThat(extended(Tokens.next(), stamp)).as("another's token").isFalse();
        assertThat(extended(token, Tokens.next())).as("another's stamp").isFalse();
        get(region().invalidate("k"));
        assertThat(extended(token, stamp)).as("invalidated").isFalse();
        long another = get(region().fill("k", leased(), value("other", TTL, SERVED)));
        assertThat(extended(token, stamp)).as("loaded anew").isFalse();
        assertThat(extended(token, another)).isFalse();
    }

    @Test
    void refreshThatFailedIsNotRepeatedBeforeItsRestEnds() {
        long stamp = stale(SERVED);
        Duration first = Duration.ofSeconds(20);

        assertThat(get(region().rest("k", granted(stamp), first, Duration.ofSeconds(50))))
                .isEqualTo(first);

        assertThat(refresh(Tokens.next(), stamp))
                .isInstanceOfSatisfying(
                        RemoteState.Resting.class,
                        resting -> assertThat(Duration.ofNanos(resting.remainingNanos()))
                                .isBetween(first.minusSeconds(10), first));
        assertThat(get(region().read("k"))).isInstanceOfSatisfying(RemoteState.Value.class, read -> {
            assertThat(string(read)).isEqualTo("old");
            assertThat(Duration.ofNanos(read.restNanos())).isBetween(first.minusSeconds(10), first);
        });
    }

    @Test
    void restDoublesWithEachFailureInARowUpToTheLongest() {
        long stamp = stale(SERVED);
        Duration first = Duration.ofSeconds(10);
        Duration longest = Duration.ofSeconds(35);

        assertThat(failedOnce(stamp, first, longest)).isEqualTo(first);
        assertThat(failedOnce(stamp, first, longest)).isEqualTo(first.multipliedBy(2));
        assertThat(failedOnce(stamp, first, longest)).isEqualTo(longest);

        long token = Tokens.next(); // a success ends the row
        get(region().lease("k", token, LEASE, stamp));
        assertThat(extended(token, stamp)).isTrue();
        assertThat(failedOnce(stamp, first, longest)).isEqualTo(first);
    }

    @Test
    void restNeedsTheRightAndAValue() {
        stale(SERVED);
        assertThat(get(region().rest("k", Tokens.next(), LEASE, LEASE))).isEqualTo(Duration.ZERO);

        get(region().invalidate("k"));
        assertThat(get(region().rest("k", leased(), LEASE, LEASE))).isEqualTo(Duration.ZERO);
        assertAbsent();
    }

    @Test
    void releaseLeavesAStaleValueToBeRefreshedAtOnce() {
        long stamp = stale(SERVED);
        get(region().release("k", granted(stamp)));

        granted(stamp);
    }

    @Test
    void removalNeedsTheRight() {
        long stamp = stale(SERVED);
        long token = granted(stamp);

        get(region().remove("k", Tokens.next()));
        assertValue("old");
        get(region().release("k", token));
        get(region().remove("k", token));
        assertValue("old");
    }

    @Test
    void removalOfNothingGivesTheRightBack() {
        get(region().remove("k", leased()));
        assertAbsent();
    }

    @Test
    void refreshAfterAnInvalidationStoresNothing() {
        long stamp = stale(SERVED);
        long token = granted(stamp);
        get(region().invalidate("k"));

        assertThat(fill(token, "old again")).isFalse();
        assertThat(extended(token, stamp)).isFalse();
        get(region().rest("k", token, LEASE, LEASE));
        get(region().remove("k", token));
        assertAbsent();
    }

    @Test
    void knownAbsenceHasNoWindows() {
        get(region().fill("k", leased(), new NewValue(null, TTL, SERVED, Duration.ZERO, null)));

        assertThat(get(region().read("k")))
                .isInstanceOfSatisfying(
                        RemoteState.Value.class,
                        read -> assertThat(read.remaining().servedNanos())
                                .isEqualTo(read.remaining().freshNanos()));
    }
}
