package dev.reactivecache.redis;

import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One command under way, for one read or for some. */
final class ReadCommand {
    private final List<EntryRead> batch;
    private final ReadLane lane;
    private final Masters masters;
    private final RedisSettings settings;
    private volatile @Nullable Future<?> running;
    private final long sentAt;
    private @Nullable Thread sending; // compared only with the thread that looks

    ReadCommand(List<EntryRead> batch, ReadLane lane, Masters masters, RedisSettings settings) {
        this.batch = batch;
        this.lane = lane;
        this.masters = masters;
        this.settings = settings;
        this.sentAt = settings.timer().now();
    }

    long leftNanos(long now) {
        return lane.leftNanos(batch.get(0).askedAtNanos(), sentAt, now);
    }

    void send() {
        EntryRead first = batch.get(0);
        sending = Thread.currentThread();
        try {
            lane.watch();
            running = batch.size() == 1 ? alone(first, this::end) : allTogether(first);
        } catch (RuntimeException thrown) { // by a timer that is gone, or where a future should have failed
            end(() -> fail(thrown));
        } finally {
            sending = null;
        }
    }

    private Future<?> allTogether(EntryRead first) {
        byte[][] names = batch.stream().map(EntryRead::name).toArray(byte[][]::new);
        var sent = masters.submit(first.name(), commands -> commands.mget(names));
        sent.whenComplete((replies, failure) -> {
            hear(failure);
            if (failure instanceof RedisCommandExecutionException) { // as while their slot moves
                oneByOne();
            } else {
                end(failure == null ? () -> answer(replies) : () -> fail(failure));
            }
        });
        return sent;
    }

    private void oneByOne() {
        AtomicInteger left = new AtomicInteger(batch.size());
        batch.forEach(read -> alone(read, answer -> {
            answer.run();
            if (left.decrementAndGet() == 0) {
                end(() -> {});
            }
        }));
    }

    private Future<?> alone(EntryRead read, Consumer<Runnable> then) {
        var sent = masters.submit(read.name(), commands -> commands.get(read.name()));
        sent.whenComplete((entry, failure) -> {
            hear(failure);
            then.accept(failure == null ? () -> read.answer(entry) : () -> read.fail(tierFailure(failure)));
        });
        return sent;
    }

    private void hear(@Nullable Throwable failure) {
        if (failure == null || failure instanceof RedisCommandExecutionException) {
            lane.heard();
        }
    }

    private void answer(List<KeyValue<byte[], byte[]>> replies) {
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).answer(replies.get(i).getValueOrElse(null));
        }
    }

    private void fail(Throwable failure) {
        RemoteTierException known = tierFailure(failure);
        batch.forEach(read -> read.fail(known));
    }

    private RemoteTierException tierFailure(Throwable failure) {
        return RedisFailures.asTierFailure(
                failure, settings.readTimeout(), what -> "Redis at " + masters.server() + ": " + what);
    }

    private void end(Runnable answer) {
        lane.ended(this, sending == Thread.currentThread(), answer);
    }

    /** It has had its time. */
    void giveUp() {
        end(() -> fail(new TimeoutException()));
        Future<?> left = running;
        if (left != null) {
            left.cancel(false);
        }
    }
}
