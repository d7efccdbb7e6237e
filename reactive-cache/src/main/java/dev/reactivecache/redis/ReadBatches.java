package dev.reactivecache.redis;

import dev.reactivecache.policy.Together;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Reads of whole entries. While few are under way each is a GET, sent at once. Beyond that they wait for the next reply, and
 * leave together as one MGET: so nothing waits while the connection is idle, and a busy one carries few, larger commands.
 * Keys that cannot be asked for in one command, since they are in different slots of a cluster, do not wait for each other.
 */
final class ReadBatches {
    /** How many commands are under way before reads wait, for each lane. */
    static final int UNDER_WAY = 4;

    /** The most reads that make one command: large enough to be cheap, small enough not to hold others up. */
    static final int LARGEST = 64;

    private final Masters masters;
    private final RedisSettings settings;
    private final long readNanos;
    private final ConcurrentMap<Integer, Lane> lanes = new ConcurrentHashMap<>();

    ReadBatches(Masters masters, RedisSettings settings) {
        this.masters = masters;
        this.settings = settings;
        this.readNanos = settings.readTimeout().toNanos();
    }

    /** Reads an entry. Emits its state; completes within the read timeout, waiting included. */
    Mono<RemoteState> read(byte[] name) {
        return Mono.create(sink -> {
            Ask ask = new Ask(name, sink, settings.timer().now());
            sink.onCancel(ask::cancel);
            Lane lane = lanes.computeIfAbsent(masters.slot(name), slot -> new Lane());
            lane.waiting.add(ask);
            Together.atEnd(lane, lane::send);
        });
    }

    /** A read that somebody waits for. */
    private final class Ask {
        private final byte[] name;
        private final MonoSink<RemoteState> sink;
        private final long askedAt;
        private volatile boolean cancelled;

        Ask(byte[] name, MonoSink<RemoteState> sink, long askedAt) {
            this.name = name;
            this.sink = sink;
            this.askedAt = askedAt;
        }

        void cancel() {
            cancelled = true;
        }

        void answer(byte @Nullable [] entry) {
            sink.success(WireFormat.decode(entry, masters.serverMillisAt(name, askedAt), true));
        }

        void fail(RemoteTierException failure) {
            if (CommandLink.isWrongType(failure)) {
                sink.success(new RemoteState.Foreign());
            } else {
                sink.error(failure);
            }
        }
    }

    /** Keys that can be asked for in one command. */
    private final class Lane {
        private final Queue<Ask> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicInteger underWay = new AtomicInteger();
        private final Queue<Command> commands = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean watched = new AtomicBoolean();

        private void send() {
            while (!waiting.isEmpty() && enter()) {
                List<Ask> batch = next();
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
        private List<Ask> next() {
            List<Ask> batch = new ArrayList<>();
            for (Ask ask = waiting.peek(); ask != null && batch.size() < LARGEST; ask = waiting.peek()) {
                boolean later = !batch.isEmpty() && ask.askedAt - batch.get(0).askedAt > readNanos / 4;
                if (later) {
                    break;
                }
                ask = waiting.poll(); // maybe another one, if others send, too
                if (ask != null && !ask.cancelled) {
                    batch.add(ask);
                }
            }
            return batch;
        }

        private void send(List<Ask> batch) {
            Command command = new Command(batch);
            commands.add(command);
            watch();
            command.send();
        }

        private void ended(Command command) {
            if (commands.remove(command)) {
                underWay.decrementAndGet();
                send();
            }
        }

        /** Sees to it that somebody looks when the oldest command has had its time: one timer for all of them. */
        private void watch() {
            if (watched.compareAndSet(false, true)) {
                long now = settings.timer().now();
                long left = readNanos;
                for (Command command : commands) {
                    left = Math.min(left, command.leftNanos(now));
                }
                settings.timer().scheduler().schedule(this::look, Math.max(1_000_000, left), TimeUnit.NANOSECONDS);
            }
        }

        private void look() {
            watched.set(false);
            long now = settings.timer().now();
            for (Command command : commands) {
                if (command.leftNanos(now) <= 0) {
                    command.giveUp();
                }
            }
            if (!commands.isEmpty()) {
                watch();
            }
        }

        /** What is under way. */
        private final class Command {
            private final List<Ask> batch;
            private final Disposable.Swap running = Disposables.swap();

            Command(List<Ask> batch) {
                this.batch = batch;
            }

            long leftNanos(long now) {
                return readNanos - (now - batch.get(0).askedAt);
            }

            void send() {
                Ask first = batch.get(0);
                running.update((batch.size() == 1 ? alone(first) : allTogether(first))
                        .doFinally(end -> ended(this))
                        .subscribe());
            }

            private Mono<?> allTogether(Ask first) {
                byte[][] names = batch.stream().map(ask -> ask.name).toArray(byte[][]::new);
                return masters.submit(
                                first.name, commands -> commands.mget(names).collectList())
                        .doOnNext(replies -> Together.run(() -> answer(replies)))
                        .onErrorResume(failure -> {
                            if (failure instanceof RedisCommandExecutionException) { // as while their slot moves
                                return Flux.fromIterable(batch)
                                        .flatMap(this::alone)
                                        .then(Mono.empty());
                            }
                            fail(failure);
                            return Mono.empty();
                        });
            }

            private Mono<byte[]> alone(Ask ask) {
                return masters.submit(ask.name, commands -> commands.get(ask.name))
                        .doOnSuccess(ask::answer)
                        .onErrorResume(failure -> {
                            ask.fail(tierFailure(failure));
                            return Mono.empty();
                        });
            }

            private void answer(List<KeyValue<byte[], byte[]>> replies) {
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).answer(replies.get(i).getValueOrElse(null));
                }
            }

            void giveUp() {
                running.dispose();
                fail(new TimeoutException());
                ended(this);
            }

            private void fail(Throwable failure) {
                RemoteTierException known = tierFailure(failure);
                Together.run(() -> batch.forEach(ask -> ask.fail(known)));
            }
        }
    }

    private RemoteTierException tierFailure(Throwable failure) {
        return CommandLink.asTierFailure(
                failure, settings.readTimeout(), what -> "Redis at " + masters.server() + ": " + what);
    }
}
