package dev.reactivecache.internal.read;

import dev.reactivecache.ReactiveCache;
import java.time.Duration;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.publisher.Mono;

/** The Reactive Streams TCK on a read that memory answers. */
public class ReadMonoHitPublisherTest extends PublisherVerification<String> {
    private final ReactiveCache<String, String> cache = ReactiveCache.<String, String>builder("tck")
            .absentTtl(Duration.ofMinutes(1))
            .build();

    public ReadMonoHitPublisherTest() {
        super(new TestEnvironment(10_000, 50));
        cache.put("value", "v").block();
        cache.getOrFetch("absent", Mono.empty()).block();
    }

    @Override
    public Publisher<String> createPublisher(long elements) {
        return cache.getOrFetch(elements == 0 ? "absent" : "value", Mono.error(new AssertionError("not a hit")));
    }

    @Override
    public Publisher<String> createFailedPublisher() {
        return null; // a hit does not fail
    }

    @Override
    public long maxElementsFromPublisher() {
        return 1;
    }
}
