package dev.reactivecache.internal.write;

import dev.reactivecache.remote.RemoteTierException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** How far the invalidation of all keys of one prefix got. However many of its parts fail, it ends with one error. */
final class PrefixCourse {
    private final String cache;
    private final String prefix;
    private final AtomicLong invalidated = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> firstRefusal = new AtomicReference<>();
    private volatile @Nullable Throwable unsearched;

    PrefixCourse(String cache, String prefix) {
        this.cache = cache;
        this.prefix = prefix;
    }

    /** The invalidation of a key that was found. Never errors; is empty if it was not acknowledged. */
    Mono<Boolean> invalidation(Mono<Void> change) {
        return change.thenReturn(true)
                .doOnNext(done -> invalidated.incrementAndGet())
                .onErrorResume(failure -> {
                    firstRefusal.compareAndSet(null, failure);
                    refused.incrementAndGet();
                    return Mono.empty();
                });
    }

    /** The search ended early. */
    void onSearchFailed(Throwable failure) {
        unsearched = failure;
    }

    /** Errors unless all keys were found and invalidated. */
    <T> Mono<T> end() {
        return Mono.defer(() -> {
            Throwable refusal = firstRefusal.get();
            Throwable first = refusal == null ? unsearched : refusal;
            return first == null ? Mono.empty() : Mono.error(new RemoteTierException(message(), first));
        });
    }

    private String message() {
        Throwable refusal = firstRefusal.get();
        Throwable search = unsearched;
        return "cache '" + cache + "': keys that begin with '" + prefix + "': " + invalidated + " invalidated"
                + (refusal == null ? "" : "; " + refused + " not acknowledged, the first: " + refusal.getMessage())
                + (search == null
                        ? ""
                        : "; not all were found, ask again for those that were not: " + search.getMessage());
    }
}
