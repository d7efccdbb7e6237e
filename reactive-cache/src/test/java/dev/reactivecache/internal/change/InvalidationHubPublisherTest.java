package dev.reactivecache.internal.change;

import dev.reactivecache.Invalidation;
import dev.reactivecache.Invalidation.Cause;
import dev.reactivecache.Invalidation.KeyInvalidated;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.scheduler.Schedulers;

/** The Reactive Streams TCK on the events of a cache, which happen as soon as somebody has subscribed. */
public class InvalidationHubPublisherTest extends PublisherVerification<Invalidation<Long>> {
    private static final int MOST = 2_000;

    public InvalidationHubPublisherTest() {
        super(new TestEnvironment(10_000, 50));
    }

    @Override
    public Publisher<Invalidation<Long>> createPublisher(long elements) {
        InvalidationHub<Long> hub =
                new InvalidationHub<>(MOST, Schedulers.boundedElastic()); // the TCK's subscribers block
        return subscriber -> {
            hub.subscribe(subscriber);
            for (long key = 0; key < elements; key++) {
                hub.publish(new KeyInvalidated<>(key, Cause.INVALIDATED));
            }
            hub.close();
        };
    }

    @Override
    public Publisher<Invalidation<Long>> createFailedPublisher() {
        return null; // events never fail
    }

    @Override
    public long maxElementsFromPublisher() {
        return MOST;
    }
}
