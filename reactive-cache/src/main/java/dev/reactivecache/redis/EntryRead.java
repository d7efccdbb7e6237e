package dev.reactivecache.redis;

import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.remote.RemoteState;
import dev.reactivecache.remote.RemoteTierException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/** One read of an entry, and its reader's subscription. The first request starts it. True once it is over. */
final class EntryRead extends AtomicBoolean implements Subscription {
    private static final long serialVersionUID = 1;

    private final transient byte[] name;
    private final transient CoreSubscriber<? super RemoteState> actual;
    private final transient ReadLane lane;
    private final transient Masters masters;
    private final transient TimeSource timer;
    private long askedAt;
    private boolean asked;

    EntryRead(
            byte[] name, CoreSubscriber<? super RemoteState> actual, ReadLane lane, Masters masters, TimeSource timer) {
        this.name = name;
        this.actual = actual;
        this.lane = lane;
        this.masters = masters;
        this.timer = timer;
    }

    byte[] name() {
        return name;
    }

    /** When it was asked for, by this node's clock. */
    long askedAtNanos() {
        return askedAt;
    }

    @Override
    public void request(long n) {
        if (!asked && Operators.validate(n)) {
            asked = true;
            askedAt = timer.now();
            lane.take(this);
        }
    }

    @Override
    public void cancel() {
        set(true);
    }

    /** Emits what Redis has, null if nothing, unless it is over. Never throws: others wait for the same reply. */
    void answer(byte @Nullable [] entry) {
        if (end()) {
            try {
                emit(WireFormat.decode(entry, masters.serverMillisAt(name, askedAt), true));
            } catch (Throwable thrown) {
                actual.onError(thrown);
            }
        }
    }

    /** Signals that there was no answer, unless it is over. Never throws. */
    void fail(RemoteTierException failure) {
        if (end()) {
            try {
                if (RedisFailures.isWrongType(failure)) {
                    emit(new RemoteState.Foreign());
                } else {
                    actual.onError(failure);
                }
            } catch (Throwable thrown) {
                Operators.onErrorDropped(thrown, actual.currentContext());
            }
        }
    }

    private boolean end() {
        return !get() && compareAndSet(false, true);
    }

    private void emit(RemoteState state) {
        actual.onNext(state);
        actual.onComplete();
    }
}
