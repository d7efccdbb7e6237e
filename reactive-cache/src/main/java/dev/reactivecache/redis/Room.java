package dev.reactivecache.redis;

import dev.reactivecache.internal.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Whether Redis has room for what is to be stored. A full one refuses that, and answers everything else: nobody would
 * notice but by the loads. Where little is left some is stored and some is not, which is said once a minute at most.
 */
final class Room {
    private static final Logger LOG = LoggerFactory.getLogger(Room.class);

    /** A refusal says nothing of what is to be stored much later. */
    private static final Duration SPAN = Duration.ofMinutes(1);

    private final String server;
    private final TimeSource timer;
    private final AtomicLong loggedAtNanos;
    private volatile long refusedAtNanos;
    private volatile boolean refuses;

    Room(String server, TimeSource timer) {
        this.server = server;
        this.timer = timer;
        this.loggedAtNanos = new AtomicLong(timer.now() - SPAN.toNanos());
    }

    /** Notes what becomes of a script that needs room. */
    <T> Mono<T> watch(Script script, Mono<T> run) {
        return switch (script) {
            case FILL, PUT -> run.doOnNext(stored -> refuses = false).doOnError(this::note);
            case LEASE, END_WRITE -> run.doOnError(this::note);
            default -> run;
        };
    }

    private void note(Throwable failure) {
        if (!String.valueOf(failure.getMessage()).contains("OOM command not allowed")) {
            return;
        }
        long now = timer.now();
        refusedAtNanos = now;
        refuses = true;
        long before = loggedAtNanos.get();
        if (now - before >= SPAN.toNanos() && loggedAtNanos.compareAndSet(before, now)) {
            LOG.warn("{}", message());
        }
    }

    /** What is wrong, for people, or null. */
    @Nullable
    String problem() {
        return refuses && timer.now() - refusedAtNanos < SPAN.toNanos() ? message() : null;
    }

    private String message() {
        return "Redis at " + server + ": it is full, and stores nothing new, so what it has not is loaded at each read;"
                + " raise maxmemory, or set a maxmemory-policy that evicts, such as allkeys-lru";
    }
}
