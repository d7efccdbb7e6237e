package dev.reactivecache.internal.read;

import dev.reactivecache.ReactiveCache;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.publisher.Mono;

/** The Reactive Streams TCK on a read that loads. */
public class ReadMonoMissPublisherTest extends PublisherVerification<String> {
    private final ReactiveCache<String, String> cache =
            ReactiveCache.<String, String>builder("tck").build();

    public ReadMonoMissPublisherTest() {
        super(new TestEnvironment(10_000, 50));
    }

    @Override
    public Publisher<String> createPublisher(long elements) {
        Mono<String> read = cache.getOrFetch("k", elements == 0 ? Mono.empty() : Mono.just("v"));
        cache.invalidate("k").block();
        return read;
    }

    @Override
    public Publisher<String> createFailedPublisher() {
        Mono<String> read = cache.getOrFetch("k", Mono.error(new IllegalStateException("as ordered")));
        cache.invalidate("k").block();
        return read;
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1;
    }
}
