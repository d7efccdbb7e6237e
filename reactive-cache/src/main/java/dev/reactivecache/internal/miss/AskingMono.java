package dev.reactivecache.internal.miss;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.remote.RemoteState;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Asks the remote tier, and goes on with what follows from its answer; that it gave none is an answer like any other.
 * What {@code onErrorResume} and {@code flatMap} would do, in one operator, which takes an answer that is there at once
 * without subscribing to it: most reads of the remote tier end so.
 */
final class AskingMono<R> extends Mono<R> implements Scannable {
    private final Mono<RemoteState> question;
    private final Function<Throwable, RemoteState> onFailure;
    private final Function<RemoteState, Mono<R>> next;

    /** @param next may be called within the delivery of the answer */
    AskingMono(
            Mono<RemoteState> question,
            Function<Throwable, RemoteState> onFailure,
            Function<RemoteState, Mono<R>> next) {
        this.question = question;
        this.onFailure = onFailure;
        this.next = next;
    }

    @Override
    public void subscribe(CoreSubscriber<? super R> actual) {
        Mono.fromDirect(question) // which sees to thread locals, where Reactor is told to
                .subscribe(new Asker<>(actual, onFailure, next));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.PARENT ? question : null;
    }

    /** The subscriber to the question, then to what follows, and the subscription of whoever waits for that. */
    private static final class Asker<R> extends AtomicReference<@Nullable Subscription>
            implements CoreSubscriber<RemoteState>, Subscription {
        private static final long serialVersionUID = 1;

        private final transient CoreSubscriber<? super R> actual;
        private final transient Function<Throwable, RemoteState> onFailure;
        private final transient Function<RemoteState, Mono<R>> next;
        private boolean answered;
        private boolean begun;

        Asker(
                CoreSubscriber<? super R> actual,
                Function<Throwable, RemoteState> onFailure,
                Function<RemoteState, Mono<R>> next) {
            this.actual = actual;
            this.onFailure = onFailure;
            this.next = next;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            set(subscription);
            actual.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            Subscription running = get();
            if (!begun && Operators.validate(n) && running != null) {
                begun = true;
                running.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(RemoteState state) {
            if (!answered) {
                answered = true;
                goOn(state);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (answered) {
                Operators.onErrorDropped(failure, currentContext());
            } else {
                answered = true;
                goOnWithout(failure);
            }
        }

        private void goOnWithout(Throwable failure) {
            goOn(onFailure.apply(failure));
        }

        private void fail(Throwable thrown) {
            actual.onError(thrown);
        }

        @Override
        public void onComplete() {
            if (!answered) {
                answered = true;
                actual.onComplete();
            }
        }

        private void goOn(RemoteState state) {
            Mono<R> following;
            R there = null;
            try {
                following = next.apply(state);
                if (following instanceof Callable<?>) {
                    there = atOnce(following);
                }
            } catch (Throwable thrown) { // by the codecs of users, or what the following Mono errors with at once
                fail(Exceptions.unwrap(thrown));
                return;
            }
            if (!(following instanceof Callable<?>)) {
                follow(following);
                return;
            }
            if (there != null) {
                actual.onNext(there);
            }
            actual.onComplete();
        }

        private void follow(Mono<R> following) {
            Following subscriber = new Following();
            try {
                following.subscribe(subscriber);
            } catch (Throwable thrown) { // a fatal error, which operators let pass instead of signalling it
                subscriber.onError(thrown);
            }
        }

        @SuppressWarnings("unchecked") // a Mono that is a Callable has its own value or none
        private static <R> @Nullable R atOnce(Mono<R> following) throws Exception {
            return ((Callable<R>) following).call();
        }

        @Override
        public void cancel() {
            Subscription running = getAndSet(Operators.cancelledSubscription());
            requireNonNull(running).cancel();
        }

        /** The subscriber to what follows. */
        private final class Following implements CoreSubscriber<R> {
            @Override
            public Context currentContext() {
                return actual.currentContext();
            }

            @Override
            public void onSubscribe(Subscription subscription) {
                Subscription before = get();
                if (before != Operators.cancelledSubscription() && compareAndSet(before, subscription)) {
                    subscription.request(Long.MAX_VALUE);
                } else {
                    subscription.cancel();
                }
            }

            @Override
            public void onNext(R value) {
                actual.onNext(value);
            }

            @Override
            public void onError(Throwable failure) {
                actual.onError(failure);
            }

            @Override
            public void onComplete() {
                actual.onComplete();
            }
        }
    }
}
