package dev.reactivecache.redis;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.policy.Together;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.RemoteTierException;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

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

    /** Set while this thread answers reads whose command ended as it was sent. */
    private static final ThreadLocal<@Nullable Boolean> AT_ONCE = new ThreadLocal<>();

    private final Masters masters;
    private final RedisSettings settings;
    private final long readNanos;
    private final AtomicReferenceArray<@Nullable Lane> lanes;

    ReadBatches(Masters masters, RedisSettings settings) {
        this.masters = masters;
        this.settings = settings;
        this.readNanos = settings.readTimeout().toNanos();
        this.lanes = new AtomicReferenceArray<>(masters.slots());
    }

    /** Reads an entry, once it is requested. Emits its state; completes within the read timeout, waiting included. */
    Mono<RemoteState> read(byte[] name) {
        return new Read(name);
    }

    private final class Read extends Mono<RemoteState> {
        private final byte[] name;

        Read(byte[] name) {
            this.name = name;
        }

        @Override
        public void subscribe(CoreSubscriber<? super RemoteState> actual) {
            actual.onSubscribe(new Ask(name, actual));
        }
    }

    private Lane lane(byte[] name) {
        int slot = masters.slot(name);
        Lane lane = lanes.get(slot);
        if (lane != null) {
            return lane;
        }
        Lane made = new Lane();
        return lanes.compareAndSet(slot, null, made) ? made : requireNonNull(lanes.get(slot));
    }

    /** A read that somebody waits for, until it is over. */
    private final class Ask extends AtomicBoolean implements Subscription {
        private static final long serialVersionUID = 1;

        private final transient byte[] name;
        private final transient CoreSubscriber<? super RemoteState> actual;
        private long askedAt;
        private boolean asked;

        Ask(byte[] name, CoreSubscriber<? super RemoteState> actual) {
            this.name = name;
            this.actual = actual;
        }

        @Override
        public void request(long n) {
            if (!asked && Operators.validate(n)) {
                asked = true;
                askedAt = settings.timer().now();
                Lane lane = lane(name);
                if (AT_ONCE.get() == null) {
                    lane.waiting.add(this);
                    Together.atEnd(lane);
                } else {
                    lane.sendAlone(this);
                }
            }
        }

        @Override
        public void cancel() {
            set(true);
        }

        private boolean end() {
            return !get() && compareAndSet(false, true);
        }

        void answer(byte @Nullable [] entry) {
            if (end()) {
                try {
                    tell(WireFormat.decode(entry, masters.serverMillisAt(name, askedAt), true));
                } catch (Throwable thrown) { // his own trouble: others wait for the same reply
                    actual.onError(thrown);
                }
            }
        }

        void fail(RemoteTierException failure) {
            if (end()) {
                try {
                    if (CommandLink.isWrongType(failure)) {
                        tell(new RemoteState.Foreign());
                    } else {
                        actual.onError(failure);
                    }
                } catch (Throwable thrown) {
                    Operators.onErrorDropped(thrown, actual.currentContext());
                }
            }
        }

        private void tell(RemoteState state) {
            actual.onNext(state);
            actual.onComplete();
        }
    }

    /** Keys that can be asked for in one command. Running it sends what waits. */
    private final class Lane implements Runnable {
        private final Queue<Ask> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicInteger underWay = new AtomicInteger();
        private final Queue<Command> commands = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean watched = new AtomicBoolean();

        @Override
        public void run() {
            while (!waiting.isEmpty() && enter()) {
                List<Ask> batch = next();
                if (batch.isEmpty()) {
                    underWay.decrementAndGet();
                } else {
                    send(batch);
                }
            }
        }

        /** Sends a read without the others that wait: to answer those is up to who is doing so, further up this stack. */
        void sendAlone(Ask ask) {
            underWay.incrementAndGet();
            send(List.of(ask));
        }

        private void send(List<Ask> batch) {
            Command command = new Command(batch);
            commands.add(command);
            command.send();
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
                if (ask != null && !ask.get()) {
                    batch.add(ask);
                }
            }
            return batch;
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
            private volatile @Nullable Future<?> running;
            private @Nullable Thread sending; // compared only with the thread that looks

            Command(List<Ask> batch) {
                this.batch = batch;
            }

            long leftNanos(long now) {
                return readNanos - (now - batch.get(0).askedAt);
            }

            void send() {
                Ask first = batch.get(0);
                sending = Thread.currentThread();
                try {
                    watch();
                    running = batch.size() == 1 ? alone(first, this::end) : allTogether(first);
                } catch (RuntimeException thrown) { // by a timer that is gone, or where a future should have failed
                    end(() -> fail(thrown));
                } finally {
                    sending = null;
                }
            }

            private Future<?> allTogether(Ask first) {
                byte[][] names = batch.stream().map(ask -> ask.name).toArray(byte[][]::new);
                var sent = masters.submit(first.name, commands -> commands.mget(names));
                sent.whenComplete((replies, failure) -> {
                    if (failure instanceof RedisCommandExecutionException) { // as while their slot moves
                        AtomicInteger left = new AtomicInteger(batch.size());
                        batch.forEach(ask -> alone(ask, answer -> {
                            answer.run();
                            if (left.decrementAndGet() == 0) {
                                end(() -> {});
                            }
                        }));
                    } else {
                        end(failure == null ? () -> answer(replies) : () -> fail(failure));
                    }
                });
                return sent;
            }

            private Future<?> alone(Ask ask, Consumer<Runnable> then) {
                var sent = masters.submit(ask.name, commands -> commands.get(ask.name));
                sent.whenComplete((entry, failure) ->
                        then.accept(failure == null ? () -> ask.answer(entry) : () -> ask.fail(tierFailure(failure))));
                return sent;
            }

            private void answer(List<KeyValue<byte[], byte[]>> replies) {
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).answer(replies.get(i).getValueOrElse(null));
                }
            }

            private void fail(Throwable failure) {
                RemoteTierException known = tierFailure(failure);
                batch.forEach(ask -> ask.fail(known));
            }

            /**
             * Answers those who wait; what they ask next leaves together, in the place of this. But not if it ends as it is
             * sent, for want of a connection: whoever asks on his own thread may wait there for what he asks next, and the
             * lane is being run.
             */
            private void end(Runnable answer) {
                if (commands.remove(this)) {
                    underWay.decrementAndGet();
                }
                if (sending == Thread.currentThread()) {
                    Boolean before = AT_ONCE.get();
                    AT_ONCE.set(true);
                    try {
                        answer.run();
                    } finally {
                        if (before == null) {
                            AT_ONCE.remove();
                        }
                    }
                } else {
                    Together.run(() -> {
                        Together.atEnd(Lane.this);
                        answer.run();
                    });
                }
            }

            void giveUp() {
                end(() -> fail(new TimeoutException()));
                Future<?> left = running;
                if (left != null) {
                    left.cancel(false);
                }
            }
        }
    }

    private RemoteTierException tierFailure(Throwable failure) {
        return CommandLink.asTierFailure(
                failure, settings.readTimeout(), what -> "Redis at " + masters.server() + ": " + what);
    }
}
