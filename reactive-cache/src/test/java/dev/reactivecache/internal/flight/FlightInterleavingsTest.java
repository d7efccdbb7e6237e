package dev.reactivecache.internal.flight;

import dev.reactivecache.internal.flight.Flight.Seat;
import dev.reactivecache.remote.Epoch;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * Whatever the order in which threads board, leave and end a flight, step by step: who is let aboard is as if they had
 * done so one after the other, and everybody is called once. Each passenger is one thread at a time, as in a read.
 */
@Tag("long")
public class FlightInterleavingsTest {
    private final Sinks.One<String> work = Sinks.one();
    private final Passenger first = new Passenger();
    private final Passenger second = new Passenger();
    private final Flight<String> flight = new Flight<>(first.seat, true, false, Epoch.unbounded(), 0, 0);

    /** Starts the flight with the first passenger on board. */
    public FlightInterleavingsTest() {
        first.aboard = true;
        flight.start(work.asMono(), Context.empty());
    }

    private volatile boolean arrived;

    private static final class Passenger implements Caller<String> {
        private final Seat<String> seat = Seat.of(this, Context.empty());
        private volatile boolean aboard;
        private volatile boolean left;
        private volatile int calls;

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // if two calls came at once, some order would still count both
        public void onResult(@Nullable String result) {
            calls++;
        }

        @Override
        public void onFailure(Throwable failure) {
            throw new IllegalStateException("this work does not fail", failure);
        }
    }

    /** The first passenger leaves. */
    @Operation(nonParallelGroup = "first")
    public void firstLeaves() {
        first.left = true;
        flight.leave(first.seat);
    }

    /** The second passenger boards, once. */
    @Operation(nonParallelGroup = "second", runOnce = true)
    public String secondBoards() {
        Flight.Boarding boarding = flight.board(second.seat);
        second.aboard = boarding == Flight.Boarding.ABOARD;
        return boarding.toString();
    }

    /** The second passenger leaves, if it is aboard. */
    @Operation(nonParallelGroup = "second")
    public void secondLeaves() {
        if (second.aboard) {
            second.left = true;
            flight.leave(second.seat);
        }
    }

    /** The work brings a result. */
    @Operation(runOnce = true)
    public void arrive() {
        work.tryEmitValue("v");
        arrived = true;
    }

    /** Nobody is called twice, and those that stay on a flight that arrives are called. */
    @Validate
    public void eachIsCalledOnce() {
        require(first.calls <= 1 && second.calls <= 1, "nobody is called twice");
        require(!arrived || first.left || first.calls == 1, "who stays is called");
        require(
                !arrived || !second.aboard || second.left || second.calls == 1,
                "who was let aboard and stays is called");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalStateException(rule);
        }
    }

    @Test
    void looksAsIfDoneOneByOne() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(15)
                .invocationsPerIteration(300)
                .check(FlightInterleavingsTest.class);
    }
}
