package dev.reactivecache.internal.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A wait that would close a circle is refused, and no other. */
class WaitGraphTest {
    private final AtomicBoolean endOfB = new AtomicBoolean();
    private final WaitGraph a = new WaitGraph(() -> false);
    private final WaitGraph b = new WaitGraph(endOfB::get);
    private final WaitGraph c = new WaitGraph(() -> false);

    @Test
    void aFlightMayNotWaitForItself() {
        assertThat(a.await(a)).isFalse();
    }

    @Test
    void aCircleOfAnyLengthIsRefused() {
        assertThat(a.await(b)).isTrue();
        assertThat(b.await(c)).isTrue();

        assertThat(c.await(a)).isFalse();
        assertThat(b.await(a)).isFalse();
    }

    @Test
    void aRefusedWaitIsNotNoted() {
        a.await(b);
        b.await(a);

        a.stopAwaiting(b);

        assertThat(b.await(a)).isTrue();
    }

    @Test
    void waysThatMeetAreNotACircle() {
        assertThat(a.await(b)).isTrue();
        assertThat(a.await(c)).isTrue();
        assertThat(b.await(c)).isTrue();
    }

    @Test
    void aWaitThatWasGivenUpIsForgotten() {
        a.await(b);
        a.stopAwaiting(b);

        assertThat(b.await(a)).isTrue();
    }

    @Test
    void aWaitIsForgottenOnlyWhenItWasGivenUpAsOftenAsItWasNoted() {
        a.await(b);
        a.await(b);
        a.stopAwaiting(b);

        assertThat(b.await(a)).isFalse();

        a.stopAwaiting(b);
        assertThat(b.await(a)).isTrue();
    }

    @Test
    void aFlightThatHasEndedLeadsNowhere() {
        a.await(b);
        b.await(c);
        endOfB.set(true);

        assertThat(c.await(a)).isTrue();
    }

    @Test
    void ofTwoWhoCloseACircleAtTheSameMomentAtLeastOneIsRefused() throws Exception {
        int rounds = 50_000;
        WaitGraph[] ones = graphs(rounds);
        WaitGraph[] twos = graphs(rounds);
        AtomicIntegerArray reached = new AtomicIntegerArray(2);
        boolean[][] accepted = new boolean[2][rounds];
        ExecutorService pool = Executors.newFixedThreadPool(2);
        List<Future<?>> both = new ArrayList<>();
        for (int side = 0; side < 2; side++) {
            int own = side;
            both.add(pool.submit(() -> {
                for (int round = 0; round < rounds; round++) {
                    WaitGraph waiting = own == 0 ? ones[round] : twos[round];
                    WaitGraph awaited = own == 0 ? twos[round] : ones[round];
                    reached.set(own, round + 1);
                    for (int spins = 1; reached.get(1 - own) <= round; spins++) {
                        if (spins % 1_000 == 0) {
                            Thread.yield();
                        }
                    }
                    accepted[own][round] = waiting.await(awaited);
                }
            }));
        }

        for (Future<?> one : both) {
            one.get(60, TimeUnit.SECONDS);
        }

        for (int round = 0; round < rounds; round++) {
            assertThat(accepted[0][round] && accepted[1][round])
                    .as("round " + round)
                    .isFalse();
        }
        pool.shutdownNow();
    }

    private static WaitGraph[] graphs(int count) {
        return Stream.generate(() -> new WaitGraph(() -> false)).limit(count).toArray(WaitGraph[]::new);
    }
}
