package dev.reactivecache.redis;

import dev.reactivecache.internal.time.ThreadBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads that can be asked for in one command: those that wait, and the commands under way. Running it sends what waits.
 */
final class ReadLane implements Runnable {
    /** How many commands are under way before reads wait. */
    static final int UNDER_WAY = 4;

    /** The most reads that make one command: large enough to be cheap, small enough not to hold others up. */
    static final int LARGEST = 64;

    /** Set while this thread answers reads whose command ended as it was sent. */
    private static final ThreadLocal<@Nullable Boolean> AT_ONCE = new ThreadLocal<>();

    private final Masters masters;
    private final RedisSettings settings;
    private final long readNanos;
    private final Queue<EntryRead> waiting = new ConcurrentLinkedQueue<>();
    private final Queue<ReadCommand> commands = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile long answeredAt;

    ReadLane(Masters masters, RedisSettings settings) {
        this.masters = masters;
        this.settings = settings;
        this.readNanos = settings.readTimeout().toNanos();
        this.answeredAt = settings.timer().now();
    }

    /** Sends a read, now or with others. */
    void take(EntryRead read) {
        if (AT_ONCE.get() == null) {
            waiting.add(read);
            ThreadBatch.atEnd(this);
        } else { // without the others: those are being answered further up this stack
            underWay.incrementAndGet();
            send(List.of(read));
        }
    }

    @Override
    public void run() {
        while (!waiting.isEmpty() && enter()) {
            List<EntryRead> batch = next();
            if (batch.isEmpty()) {
                underWay.decrementAndGet();
            } else {
                send(batch);
            }
        }
    }

    private boolean enter() {
        int now = underWay.get();
        while (now < UNDER_WAY) {
            if (underWay.compareAndSet(now, now + 1)) {
                return true;
            }
            now = underWay.get();
        }
        return false;
    }

    /** Reads that were asked for at about one time: the oldest one's time to wait is that of all. */
    private List<EntryRead> next() {
        List<EntryRead> batch = new ArrayList<>();
        for (EntryRead read = waiting.peek(); read != null && batch.size() < LARGEST; read = waiting.peek()) {
            boolean later =
                    !batch.isEmpty() && read.askedAtNanos() - batch.get(0).askedAtNanos() > readNanos / 4;
            if (later) {
                break;
            }
            read = waiting.poll(); // maybe another one, if others send, too
            if (read != null && !read.get()) {
                batch.add(read);
            }
        }
        return batch;
    }

    private void send(List<EntryRead> batch) {
        ReadCommand command = new ReadCommand(batch, this, masters, settings);
        commands.add(command);
        command.send();
    }

    /**
     * A command has ended: answers its reads; what their readers ask next leaves together, in its place. But not if it
     * ended as it was sent, for want of a connection: a reader that asks on its own thread may wait there for what it
     * asks next, and the lane is being run.
     */
    void ended(ReadCommand command, boolean asItWasSent, Runnable answer) {
        if (commands.remove(command)) {
            underWay.decrementAndGet();
        }
        if (asItWasSent) {
            answerAtOnce(answer);
        } else {
            ThreadBatch.run(() -> {
                ThreadBatch.atEnd(this);
                answer.run();
            });
        }
    }

    private static void answerAtOnce(Runnable answer) {
        Boolean before = AT_ONCE.get();
        AT_ONCE.set(true);
        try {
            answer.run();
        } finally {
            if (before == null) {
                AT_ONCE.remove();
            }
        }
    }

    /** Redis has said something to a command of this lane. */
    void heard() {
        answeredAt = settings.timer().now();
    }

    /**
     * How long a read that was asked for and sent then may yet wait. Its time counts from when it was asked for; but
     * from when it was sent, if Redis has answered others meanwhile: then the queue was this node's own. Twice the
     * read timeout is the most.
     */
    long leftNanos(long askedAt, long sentAt, long now) {
        boolean inOwnQueue = answeredAt - askedAt > 0;
        return inOwnQueue
                ? Math.min(readNanos - (now - sentAt), 2 * readNanos - (now - askedAt))
                : readNanos - (now - askedAt);
    }

    /** Starts the timer for the oldest command's timeout, unless it runs: one timer for all commands. */
    void watch() {
        if (watched.compareAndSet(false, true)) {
            long now = settings.timer().now();
            long left = readNanos;
            for (ReadCommand command : commands) {
                left = Math.min(left, command.leftNanos(now));
            }
            settings.timer().scheduler().schedule(this::look, Math.max(1_000_000, left), TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        watched.set(false);
        long now = settings.timer().now();
        for (ReadCommand command : commands) {
            if (command.leftNanos(now) <= 0) {
                command.giveUp();
            }
        }
        if (!commands.isEmpty()) {
            watch();
        }
    }
}
