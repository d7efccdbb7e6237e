package dev.reactivecache.internal.change;

import dev.reactivecache.Invalidation;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** Tells any number of subscribers what was invalidated. Each has an {@link InvalidationReader} of its own. */
public final class InvalidationHub<K> extends Flux<Invalidation<K>> {
    private final int capacity;
    private final Scheduler scheduler;
    private final CopyOnWriteArrayList<InvalidationReader<K>> readers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /** @param scheduler runs the code of subscribers */
    public InvalidationHub(int capacity, Scheduler scheduler) {
        this.capacity = capacity;
        this.scheduler = scheduler;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Invalidation<K>> actual) {
        var reader = new InvalidationReader<K>(actual, capacity, scheduler, readers::remove);
        readers.add(reader); // before onSubscribe: what happens from then on must be heard
        actual.onSubscribe(reader);
        reader.begin();
        if (closed) {
            reader.finish();
        }
    }

    /** Whether anybody listens; if not, an event need not be made. */
    public boolean hasReaders() {
        return !readers.isEmpty();
    }

    /** Hands an event to every subscriber. Runs none of their code. */
    public void publish(Invalidation<K> event) {
        for (InvalidationReader<K> reader : readers) {
            reader.offer(event);
        }
    }

    /** Tells that a tag was invalidated, or the whole cache cleared, if null. */
    public void publishEnd(@Nullable String tag) {
        if (hasReaders()) {
            publish(tag == null ? new Invalidation.CacheCleared<>() : new Invalidation.TagInvalidated<>(tag));
        }
    }

    /** Completes all subscribers, once they have taken what waits for them. */
    public void close() {
        closed = true;
        readers.forEach(InvalidationReader::finish);
    }
}
