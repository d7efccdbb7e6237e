package dev.reactivecache.internal.recovery;

import dev.reactivecache.RecoveryHealth;
import dev.reactivecache.internal.recovery.PendingKeys.Attempt;
import dev.reactivecache.internal.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps the invalidations of one cache that the remote tier did not acknowledge, and sends each again until it does. An
 * invalidation may be sent any number of times, and late: it never brings anything back.
 *
 * <p>A key is pending from when {@link #keep} returns. Whoever keeps it drops it from memory after that; while it is
 * pending, reads ask neither memory nor the remote tier for it.
 */
public final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int AT_ONCE = 64;
    private static final long NO_OVERFLOW = -1;
    private static final Duration REMEMBERED = Duration.ofSeconds(60);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final String cache;
    private final TimeSource timer;
    private final long begun;
    private final Consumer<String> dropHere;
    private final PendingKeys pending;
    private final RecentKeys recent;
    private final Object turn = new Object();
    private final AtomicInteger rounds = new AtomicInteger();
    private final LongAdder recovered = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private volatile Function<String, Mono<Void>> invalidate = key -> Mono.never();
    private volatile Runnable onOverflow = () -> {};
    private OptionalLong armed = OptionalLong.empty();
    private volatile boolean closed;

    /**
     * Creates one that has nothing pending.
     *
     * @param capacity how many keys may be pending, and how many acknowledged ones are remembered
     * @param dropHere drops this node's own copy of a key
     */
    public Recovery(String cache, int capacity, TimeSource timer, Consumer<String> dropHere) {
        this.cache = cache;
        this.timer = timer;
        this.begun = timer.now();
        this.dropHere = dropHere;
        this.pending = new PendingKeys(capacity, AT_ONCE);
        this.recent = new RecentKeys(capacity, REMEMBERED.toNanos());
    }

    /** Says how an invalidation is sent. Called once, before anything is kept. */
    public void sendBy(Function<String, Mono<Void>> invalidate) {
        this.invalidate = invalidate;
    }

    /** Whether the remote tier may have something of this key that an invalidation was to void. */
    public boolean isPending(String key) {
        return pending.contains(key);
    }

    /** What an acknowledgement covers of something that is sent from now on. */
    public long position() {
        synchronized (turn) {
            return pending.position();
        }
    }

    /** Notes that the remote tier has acknowledged a change of a key that was sent after {@code position} was taken. */
    public void acknowledged(String key, long position) {
        synchronized (turn) {
            recent.add(key, now());
            if (pending.acknowledge(key, position)) {
                recovered.increment();
            }
        }
    }

    /**
     * Says what is kept, elsewhere or here, in place of all keys when there are too many. Called once, first of all.
     */
    public void overflowInto(Runnable keepAll) {
        this.onOverflow = keepAll;
    }

    /**
     * Keeps a key whose invalidation was not acknowledged. If there is no room for another, what stands for all of them
     * is kept instead.
     *
     * @return whether it is kept: not after this has been closed
     */
    public boolean keep(String key) {
        if (closed) {
            lost.increment();
            LOG.warn("cache '{}': it is closed, so the invalidation of key '{}' is not sent again", cache, key);
            return false;
        }
        long position;
        synchronized (turn) {
            if (!pending.isFull() || pending.contains(key)) {
                pending.keep(key, now(), now() + Backoff.nanos(0, timer.random()));
                position = NO_OVERFLOW;
            } else {
                position = pending.position();
            }
        }
        if (position != NO_OVERFLOW) {
            overflowed(key, position);
        }
        arm();
        return true;
    }

    /** Keeps a key also if there is no room: what stands for all. */
    public void keepAnyway(String key) {
        if (!closed) {
            synchronized (turn) {
                pending.keep(key, now(), now() + Backoff.nanos(0, timer.random()));
            }
            arm();
        }
    }

    private void overflowed(String key, long position) {
        LOG.warn(
                "cache '{}': more invalidations than recoveryCapacity were not acknowledged, the last one of key '{}'; one"
                        + " of the whole cache is kept instead",
                cache,
                key);
        onOverflow.run();
        synchronized (turn) {
            pending.forget(position);
        }
    }

    /**
     * Sends what is pending at once: the tier works again.
     *
     * @param mayHaveLost whether it may have lost what it acknowledged lately, which is then sent again, too
     */
    public void tierBack(boolean mayHaveLost) {
        long now = now();
        List<String> again;
        boolean forgotten;
        synchronized (turn) {
            again = mayHaveLost && !closed ? recent.keys(now) : List.of();
            forgotten = mayHaveLost && recent.hasForgotten(now);
            again.forEach(key -> pending.keep(key, now, now));
            pending.retryAll(now);
        }
        again.forEach(dropHere);
        if (forgotten && !closed) {
            LOG.warn(
                    "cache '{}': the remote tier may have lost invalidations of the last {}, and only the newest {} are"
                            + " remembered; so the whole cache is invalidated",
                    cache,
                    REMEMBERED,
                    again.size());
            onOverflow.run();
        }
        sendDue();
    }

    /** Sends what is due, and sees to it that this is called again when more is. Calls within calls are put off. */
    private void sendDue() {
        if (rounds.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (Attempt next = next(); next != null; next = next()) {
                send(next);
            }
            arm();
            seen = rounds.addAndGet(-seen);
        } while (seen != 0);
    }

    private @Nullable Attempt next() {
        synchronized (turn) {
            return closed ? null : pending.next(now());
        }
    }

    private void send(Attempt attempt) {
        invalidate.apply(attempt.key()).subscribe(null, failure -> ended(attempt, false), () -> ended(attempt, true));
    }

    private void ended(Attempt attempt, boolean acknowledged) {
        long now = now();
        if (acknowledged) {
            acknowledged(attempt.key(), attempt.position());
        }
        synchronized (turn) {
            long wait = acknowledged ? 0 : Backoff.nanos(attempt.attempts() + 1, timer.random());
            pending.back(attempt.key(), acknowledged, now + wait);
        }
        sendDue();
    }

    private void arm() {
        long now = now();
        long next;
        synchronized (turn) {
            OptionalLong wanted = closed ? OptionalLong.empty() : pending.nextDue(now);
            if (wanted.isEmpty() || (armed.isPresent() && armed.getAsLong() <= wanted.getAsLong())) {
                return;
            }
            armed = wanted;
            next = wanted.getAsLong();
        }
        timer.scheduler().schedule(() -> onTime(next), Math.max(0, next - now), TimeUnit.NANOSECONDS);
    }

    /** Does nothing if another moment was armed since. */
    private void onTime(long due) {
        synchronized (turn) {
            if (armed.isEmpty() || armed.getAsLong() != due) {
                return;
            }
            armed = OptionalLong.empty();
        }
        sendDue();
    }

    private long now() {
        return timer.now() - begun;
    }

    /** How many are pending. */
    public int pending() {
        return pending.size();
    }

    /** What is pending at this moment. */
    public RecoveryHealth health() {
        OptionalLong oldest = pending.oldest();
        return oldest.isEmpty()
                ? RecoveryHealth.NOTHING_PENDING
                : new RecoveryHealth(pending.size(), Duration.ofNanos(now() - oldest.getAsLong()), pending.isFull());
    }

    /** How many keys were pending, and have been acknowledged since. */
    public long recovered() {
        return recovered.sum();
    }

    /** How many invalidations were neither acknowledged nor kept. */
    public long lost() {
        return lost.sum();
    }

    /** Sends each pending key once more, for two seconds at most, and gives up what is left. Never errors. */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            return Flux.fromIterable(pending.keys())
                    .flatMap(this::sendLast, AT_ONCE)
                    .then()
                    .timeout(CLOSE_LIMIT, Mono.empty(), timer.scheduler())
                    .doOnCancel(this::giveUp)
                    .then(Mono.fromRunnable(this::giveUp));
        });
    }

    private Mono<Void> sendLast(String key) {
        long position = position();
        return invalidate
                .apply(key)
                .doOnSuccess(done -> acknowledged(key, position))
                .onErrorComplete();
    }

    private void giveUp() {
        int left = pending.size();
        if (left > 0) {
            lost.add(left);
            LOG.warn(
                    "cache '{}' is closed with {} keys whose invalidation the remote tier has not acknowledged: it may"
                            + " serve older values of them to other nodes until their time to live ends",
                    cache,
                    left);
        }
    }
}
