package dev.reactivecache.internal.flight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.internal.flight.Flight.Boarding;
import dev.reactivecache.internal.flight.Flight.Seat;
import dev.reactivecache.remote.Epoch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.PublisherProbe;
import reactor.util.context.Context;

/** What a flight promises to its callers at the moments that no cache operation can hit on purpose. */
class FlightTest {
    /** A caller that counts its calls. */
    private static final class Passenger implements Caller<String> {
        private final AtomicInteger calls = new AtomicInteger();
        private volatile String result;
        private volatile Throwable failure;
        private final Seat<String> seat = Seat.of(this, Context.empty());

        @Override
        public void onResult(String brought) {
            calls.incrementAndGet();
            result = brought;
        }

        @Override
        public void onFailure(Throwable thrown) {
            calls.incrementAndGet();
            failure = thrown;
        }
    }

    private final Passenger first = new Passenger();
    private final Sinks.One<String> work = Sinks.one();
    private final PublisherProbe<String> probe = PublisherProbe.of(work.asMono());
    private final Flight<String> flight = new Flight<>(first.seat, true, false, Epoch.unbounded(), 0, 0);

    @Test
    void whoBoardsAfterTheEndIsCalledAtOnce() {
        flight.start(probe.mono(), Context.empty());
        work.tryEmitValue("v").orThrow();
        Passenger late = new Passenger();

        Boarding boarding = flight.board(late.seat);

        assertThat(boarding).isEqualTo(Boarding.ABOARD);
        assertThat(late.calls).hasValue(1);
        assertThat(late.result).isEqualTo("v");
    }

    @Test
    void whoBoardsAfterAFailureGetsIt() {
        IllegalStateException down = new IllegalStateException("down");
        flight.start(probe.mono(), Context.empty());
        work.tryEmitError(down).orThrow();
        Passenger late = new Passenger();

        flight.board(late.seat);

        assertThat(late.failure).isSameAs(down);
    }

    @Test
    void workThatThrowsAsItIsSubscribedToIsAFailureAndNobodyWaitsForIt() {
        IllegalStateException broken = new IllegalStateException("broken publisher");

        flight.start(
                new Mono<>() {
                    @Override
                    public void subscribe(CoreSubscriber<? super String> actual) {
                        throw broken;
                    }
                },
                Context.empty());

        assertThat(first.failure).isSameAs(broken);
        assertThat(flight.isDone()).isTrue();
    }

    @Test
    void nobodyBoardsAFlightThatEverybodyLeft() {
        flight.start(probe.mono(), Context.empty());
        flight.leave(first.seat);

        assertThat(flight.board(new Passenger().seat)).isEqualTo(Boarding.GONE);
        assertThat(flight.isDone()).isTrue();
        probe.assertWasCancelled();
    }

    @Test
    void leavingTwiceCountsOnce() {
        Passenger second = new Passenger();
        flight.start(probe.mono(), Context.empty());
        flight.board(second.seat);

        flight.leave(first.seat);
        flight.leave(first.seat);

        probe.assertWasNotCancelled();
        work.tryEmitValue("v").orThrow();
        assertThat(second.result).isEqualTo("v");
    }

    @Test
    void whoLeftIsNotCalled() {
        Passenger second = new Passenger();
        flight.start(probe.mono(), Context.empty());
        flight.board(second.seat);

        flight.leave(first.seat);
        work.tryEmitValue("v").orThrow();

        assertThat(first.calls).hasValue(0);
        assertThat(second.calls).hasValue(1);
    }

    @Test
    void leavingAfterTheEndDoesNothing() {
        Passenger second = new Passenger();
        flight.start(probe.mono(), Context.empty());
        flight.board(second.seat);
        work.tryEmitValue("v").orThrow();

        flight.leave(first.seat);
        flight.leave(second.seat);

        probe.assertWasNotCancelled();
        Passenger late = new Passenger();
        assertThat(flight.board(late.seat)).isEqualTo(Boarding.ABOARD);
        assertThat(late.result).isEqualTo("v");
    }

    @Test
    void callersAreCalledInTheOrderInWhichTheyBoarded() {
        List<Integer> order = new ArrayList<>();
        flight.start(probe.mono(), Context.empty());
        for (int i = 0; i < 5; i++) {
            int number = i;
            flight.board(Seat.of(
                    new Caller<>() {
                        @Override
                        public void onResult(String result) {
                            order.add(number);
                        }

                        @Override
                        public void onFailure(Throwable failure) {}
                    },
                    Context.empty()));
        }

        work.tryEmitValue("v").orThrow();

        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void aCallerThatThrowsDoesNotKeepTheResultFromTheNext() {
        List<Throwable> dropped = new ArrayList<>();
        IllegalStateException broken = new IllegalStateException("broken caller");
        Passenger after = new Passenger();
        flight.start(probe.mono(), Context.of("reactor.onErrorDropped.local", (Consumer<Throwable>) dropped::add));
        flight.board(Seat.of(
                new Caller<>() {
                    @Override
                    public void onResult(String result) {
                        throw broken;
                    }

                    @Override
                    public void onFailure(Throwable failure) {}
                },
                Context.empty()));
        flight.board(after.seat);

        work.tryEmitValue("v").orThrow();

        assertThat(after.result).isEqualTo("v");
        assertThat(dropped).containsExactly(broken);
    }

    @Test
    void everybodyMayLeaveBeforeTheStart() {
        flight.leave(first.seat);

        flight.start(probe.mono(), Context.empty());

        assertThat(first.calls).hasValue(0);
        assertThat(flight.isDone()).isTrue();
    }

    @Test
    void aFlightThatOutlivesItsCallersCanStillBeBoarded() {
        Flight<String> lasting = new Flight<>(first.seat, true, true, Epoch.unbounded(), 0, 0);
        lasting.start(probe.mono(), Context.empty());
        lasting.leave(first.seat);
        Passenger late = new Passenger();

        assertThat(lasting.board(late.seat)).isEqualTo(Boarding.ABOARD);
        work.tryEmitValue("v").orThrow();

        assertThat(late.result).isEqualTo("v");
    }

    @Test
    void nobodyIsForgottenOrCalledTwiceWhenBoardingLeavingAndEndingRace() throws Exception {
        int actors = 3;
        ExecutorService pool = Executors.newFixedThreadPool(actors);
        for (int round = 0; round < 20_000; round++) {
            Passenger leader = new Passenger();
            Passenger second = new Passenger();
            Sinks.One<String> result = Sinks.one();
            AtomicInteger cancelled = new AtomicInteger();
            Flight<String> racing = new Flight<>(leader.seat, true, false, Epoch.unbounded(), 0, 0);
            racing.start(result.asMono().doOnCancel(cancelled::incrementAndGet), Context.empty());
            CyclicBarrier barrier = new CyclicBarrier(actors);
            List<Boarding> boarded = new CopyOnWriteArrayList<>();
            List<Future<?>> all = List.of(
                    pool.submit(() -> {
                        await(barrier);
                        boarded.add(racing.board(second.seat));
                    }),
                    pool.submit(() -> {
                        await(barrier);
                        racing.leave(leader.seat);
                    }),
                    pool.submit(() -> {
                        await(barrier);
                        result.tryEmitValue("v");
                    }));
            for (Future<?> one : all) {
                one.get(10, TimeUnit.SECONDS);
            }

            boolean gone = boarded.get(0) == Boarding.GONE;
            assertThat(second.calls.get()).as("round %s, %s", round, boarded).isEqualTo(gone ? 0 : 1);
            assertThat(leader.calls.get()).isLessThanOrEqualTo(1);
            assertThat(racing.isDone()).isTrue();
            if (!gone) {
                assertThat(second.result).isEqualTo("v");
                assertThat(cancelled).hasValue(0);
            }
        }
        pool.shutdownNow();
    }

    @Test
    void everybodyWhoBoardsAtTheSameMomentIsCalledOnce() throws Exception {
        int boarding = 3;
        ExecutorService pool = Executors.newFixedThreadPool(boarding + 1);
        for (int round = 0; round < 20; round++) {
            Sinks.One<String> result = Sinks.one();
            Flight<String> busy = new Flight<>(new Passenger().seat, true, false, Epoch.unbounded(), 0, 0);
            busy.start(result.asMono(), Context.empty());
            CyclicBarrier barrier = new CyclicBarrier(boarding + 1);
            List<Passenger> passengers = Collections.synchronizedList(new ArrayList<>());
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < boarding; thread++) {
                all.add(pool.submit(() -> {
                    List<Passenger> own =
                            Stream.generate(Passenger::new).limit(5_000).toList();
                    passengers.addAll(own);
                    await(barrier);
                    own.forEach(one -> busy.board(one.seat));
                }));
            }
            all.add(pool.submit(() -> {
                await(barrier);
                result.tryEmitValue("v");
            }));
            for (Future<?> one : all) {
                one.get(10, TimeUnit.SECONDS);
            }

            assertThat(passengers).hasSize(boarding * 5_000).allMatch(passenger -> passenger.calls.get() == 1);
        }
        pool.shutdownNow();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }
}
