package dev.reactivecache.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A wait that would close a circle is refused, and no other. */
class WaitGraphTest {
    private final CompletableFuture<Void> endOfB = new CompletableFuture<>();
    private final WaitGraph a = new WaitGraph(new CompletableFuture<>());
    private final WaitGraph b = new WaitGraph(endOfB);
    private final WaitGraph c = new WaitGraph(new CompletableFuture<>());

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
        endOfB.complete(null);

        assertThat(c.await(a)).isTrue();
    }

    @Test
    void ofTwoWhoCloseACircleAtTheSameMomentAtLeastOneIsRefused() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        for (int round = 0; round < 20_000; round++) {
            WaitGraph one = new WaitGraph(new CompletableFuture<>());
            WaitGraph two = new WaitGraph(new CompletableFuture<>());
            CyclicBarrier barrier = new CyclicBarrier(2);
            List<Future<Boolean>> accepted = List.of(
                    pool.submit(() -> {
                        barrier.await(10, TimeUnit.SECONDS);
                        return one.await(two);
                    }),
                    pool.submit(() -> {
                        barrier.await(10, TimeUnit.SECONDS);
                        return two.await(one);
                    }));

            boolean first = accepted.get(0).get(10, TimeUnit.SECONDS);
            boolean second = accepted.get(1).get(10, TimeUnit.SECONDS);

            assertThat(first && second).as("round " + round).isFalse();
        }
        pool.shutdownNow();
    }
}
