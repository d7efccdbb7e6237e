package dev.reactivecache.internal.load;

import dev.reactivecache.internal.flight.WorkTurns;
import dev.reactivecache.internal.time.TimeSource;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Lets at most so much work run at a time; what comes beyond that waits, and is begun in the order it came (the
 * bulkhead of M. Nygard, <i>Release It!</i>).
 */
public final class Bulkhead {
    private final int limit;
    private final Duration patience;
    private final TimeSource timer;
    private final Set<Turn> waiting = new LinkedHashSet<>();
    private final Queue<Turn> called = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private int running;

    /**
     * Creates one that nothing runs behind.
     *
     * @param limit how much may run at a time
     * @param patience for how long at most work waits
     */
    public Bulkhead(int limit, Duration patience, TimeSource timer) {
        this.limit = limit;
        this.patience = patience;
        this.timer = timer;
    }

    /**
     * The work, subscribed to when its turn has come: at once, on the subscriber's thread, or when other work ends, on
     * the thread that ends it. A caller that cancels meanwhile gives its place up. Work that other work with a turn
     * waits for, here or in another bulkhead, is not kept waiting, nor counted.
     *
     * @param late what is emitted if its turn does not come in time
     */
    public <T> Mono<T> limit(Mono<T> work, Supplier<? extends Throwable> late) {
        return Mono.deferContextual(context -> {
            if (WorkTurns.isShared(context)) {
                return work;
            }
            Turn turn = new Turn();
            if (arrive(turn)) {
                WorkTurns.begin(context);
                return work.doFinally(end -> leave(turn));
            }
            WorkTurns.whenShared(context, () -> letPass(turn));
            return turn.called
                    .asMono()
                    .timeout(patience, Mono.error(late), timer.scheduler())
                    .then(Mono.defer(() -> {
                        WorkTurns.begin(context);
                        return work;
                    }))
                    .doFinally(end -> leave(turn));
        });
    }

    /** One piece of work. Its state is changed under this bulkhead's monitor. */
    private static final class Turn {
        private final Sinks.Empty<Void> called = Sinks.empty();
        private boolean runs;
    }

    private synchronized boolean arrive(Turn turn) {
        if (running < limit) {
            running++;
            turn.runs = true;
        } else {
            waiting.add(turn);
        }
        return turn.runs;
    }

    private void leave(Turn turn) {
        synchronized (this) {
            Iterator<Turn> line = waiting.iterator();
            if (!turn.runs) {
                waiting.remove(turn);
            } else if (line.hasNext()) {
                Turn next = line.next();
                line.remove();
                next.runs = true;
                called.add(next);
            } else {
                running--;
            }
        }
        call();
    }

    /** Lets work begin that is not counted. */
    private void letPass(Turn turn) {
        synchronized (this) {
            if (!waiting.remove(turn)) {
                return;
            }
            called.add(turn);
        }
        call();
    }

    /** Calls within calls are put off, so that work that ends at once does not pile up on the stack. */
    private void call() {
        if (calls.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (Turn next = called.poll(); next != null; next = called.poll()) {
                next.called.tryEmitEmpty();
            }
            seen = calls.addAndGet(-seen);
        } while (seen != 0);
    }
}
