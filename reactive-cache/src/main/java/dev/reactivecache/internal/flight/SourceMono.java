package dev.reactivecache.internal.flight;

import java.util.function.Supplier;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A {@code Mono} of users: whatever making it or subscribing to it throws, and whatever it errors with, is signalled,
 * in a form that every operator behind it lets pass.
 */
public final class SourceMono<T> extends Mono<T> {
    private final Supplier<? extends Mono<T>> source;

    private SourceMono(Supplier<? extends Mono<T>> source) {
        this.source = source;
    }

    /** A {@code Mono} that is made anew for each subscriber. */
    public static <T> Mono<T> of(Supplier<? extends Mono<T>> source) {
        return new SourceMono<>(source);
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Source<T> subscriber = new Source<>(actual);
        try {
            Mono.fromDirect(source.get())
                    .subscribe(subscriber); // which restores thread locals, where Reactor is told to
        } catch (Throwable thrown) {
            subscriber.failed(thrown);
        }
    }

    private static final class Source<T> implements CoreSubscriber<T> {
        private final CoreSubscriber<? super T> actual;
        private volatile boolean subscribed;
        private volatile boolean over;

        Source(CoreSubscriber<? super T> actual) {
            this.actual = actual;
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscribed = true;
            actual.onSubscribe(subscription);
        }

        @Override
        public void onNext(T value) {
            actual.onNext(value);
        }

        @Override
        public void onComplete() {
            over = true;
            actual.onComplete();
        }

        @Override
        public void onError(Throwable failure) {
            over = true;
            actual.onError(CarriedError.carried(failure));
        }

        void failed(Throwable thrown) {
            if (over) {
                Operators.onErrorDropped(thrown, currentContext());
                return;
            }
            if (!subscribed) {
                actual.onSubscribe(Operators.emptySubscription());
            }
            onError(thrown);
        }
    }
}
