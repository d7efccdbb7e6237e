package dev.reactivecache.internal.read;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;

/**
 * The subscription of a reader who is answered later: one answer, one end or one error, handed over when it is there
 * and requested, and at most once.
 *
 * @param <T> what the reader is handed
 */
abstract class Delivery<T> implements Fuseable.QueueSubscription<T>, Scannable {
    private static final int WAITING = 0;
    private static final int REQUESTED = 1;
    private static final int ANSWERED = 2;
    private static final int OVER = 3;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Delivery.class, "state", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    final CoreSubscriber<? super T> actual;

    private volatile int state = WAITING;

    /** What is handed over when it is requested. */
    private @Nullable T answer;

    Delivery(CoreSubscriber<? super T> actual) {
        this.actual = actual;
    }

    abstract boolean isCancelled();

    /** Gives up whatever is under way for this reader. */
    abstract void onCancel();

    /** Whether there is an answer, or will be none. */
    final boolean isOver() {
        return state == ANSWERED || state == OVER;
    }

    /** Hands an answer over, or, if it is null, the end. */
    final void deliver(@Nullable T value) {
        if (value == null) {
            if ((int) STATE.getAndSet(this, OVER) != OVER) {
                actual.onComplete();
            }
            return;
        }
        answer = value;
        if (STATE.compareAndSet(this, REQUESTED, OVER)
                || (!STATE.compareAndSet(this, WAITING, ANSWERED) && STATE.compareAndSet(this, REQUESTED, OVER))) {
            emit(value);
        }
    }

    final void fail(Throwable failure) {
        if ((int) STATE.getAndSet(this, OVER) == OVER) {
            Operators.onErrorDropped(failure, actual.currentContext());
        } else {
            actual.onError(failure);
        }
    }

    private void emit(T value) {
        try {
            actual.onNext(value);
            actual.onComplete();
        } catch (Throwable thrown) { // a fatal error, which operators let pass: what waits behind them must end
            actual.onError(thrown);
        }
    }

    @Override
    public final void request(long n) {
        if (Operators.validate(n)
                && !STATE.compareAndSet(this, WAITING, REQUESTED)
                && STATE.compareAndSet(this, ANSWERED, OVER)) {
            emit(requireNonNull(answer));
        }
    }

    @Override
    public final void cancel() {
        STATE.setVolatile(this, OVER);
        onCancel();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr attribute) {
        if (attribute == Attr.ACTUAL) {
            return actual;
        }
        if (attribute == Attr.CANCELLED) {
            return isCancelled();
        }
        if (attribute == Attr.TERMINATED) {
            return state == OVER && !isCancelled();
        }
        return attribute == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    @Override
    public int requestFusion(int requestedMode) {
        return Fuseable.NONE; // there is nothing to poll
    }

    @Override
    public @Nullable T poll() {
        return null;
    }

    @Override
    public boolean isEmpty() {
        return true;
    }

    @Override
    public int size() {
        return 0;
    }

    @Override
    public void clear() {}
}
