package dev.reactivecache.internal.change;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.internal.count.Counters;
import dev.reactivecache.internal.time.SharedQuestion;
import dev.reactivecache.remote.Generation;
import dev.reactivecache.remote.RemoteState;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A question to the remote tier, and at the same time the one for the generations. Emits the answer when both have
 * one. Without either, that the tier is unavailable: what cannot be judged is not used, and a tier that answers one
 * question in two costs a read no more than one that is silent. What {@code zip} would do, in one subscriber, since
 * modes that ask at each read ask so.
 */
final class AskedAlong extends Mono<RemoteState> implements Scannable {
    private final Mono<RemoteState> question;
    private final SharedQuestion<Generation> generations;
    private final Consumer<Generation> hears;
    private final Counters counters;

    /**
     * @param question never errors
     * @param hears the generations, before the answer is emitted
     */
    AskedAlong(
            Mono<RemoteState> question,
            SharedQuestion<Generation> generations,
            Consumer<Generation> hears,
            Counters counters) {
        this.question = question;
        this.generations = generations;
        this.hears = hears;
        this.counters = counters;
    }

    @Override
    public void subscribe(CoreSubscriber<? super RemoteState> actual) {
        question.subscribe(new Both(actual));
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.PARENT ? question : null;
    }

    /** The one who waits for both. Its number says what it has. */
    private final class Both extends AtomicInteger
            implements CoreSubscriber<RemoteState>, Subscription, SharedQuestion.Asker<Generation> {
        private static final long serialVersionUID = 1;

        private static final int ANSWERED = 1;
        private static final int HEARD = 2;
        private static final int OVER = 4;

        private final transient CoreSubscriber<? super RemoteState> actual;
        private transient @Nullable Subscription upstream;
        private transient @Nullable RemoteState answer;
        private transient @Nullable Throwable unheard;
        private boolean asked;

        Both(CoreSubscriber<? super RemoteState> actual) {
            this.actual = actual;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public ContextView context() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            actual.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            if (!asked && Operators.validate(n)) {
                asked = true;
                requireNonNull(upstream).request(Long.MAX_VALUE);
                if (get() != OVER) {
                    generations.ask(this);
                }
            }
        }

        @Override
        public void cancel() {
            set(OVER);
            requireNonNull(upstream).cancel();
        }

        @Override
        public void onNext(RemoteState state) {
            if (!(state instanceof RemoteState.Unavailable)) {
                answer = state;
                arrived(ANSWERED);
            } else if (getAndSet(OVER) != OVER) { // then nobody waits for the generations: they would not come either
                emit(state);
            }
        }

        @Override
        public void onAnswer(@Nullable Generation generation) {
            if (generation != null) {
                hears.accept(generation);
            }
            arrived(HEARD);
        }

        @Override
        public void onFailure(Throwable failure) {
            unheard = failure;
            arrived(HEARD);
        }

        private void arrived(int what) {
            int before = getAndUpdate(has -> has == 0 ? what : OVER);
            if (before != 0 && before != OVER) {
                Throwable missing = unheard;
                if (missing == null) {
                    emit(requireNonNull(answer));
                } else {
                    counters.remoteFailures.increment();
                    emit(new RemoteState.Unavailable(missing));
                }
            }
        }

        private void emit(RemoteState state) {
            actual.onNext(state);
            actual.onComplete();
        }

        @Override
        public void onError(Throwable failure) {
            if (getAndSet(OVER) == OVER) {
                Operators.onErrorDropped(failure, currentContext());
            } else {
                actual.onError(failure);
            }
        }

        @Override
        public void onComplete() {} // with the answer
    }
}
