package dev.reactivecache.spring.cache;

import dev.reactivecache.Cached;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.remote.RemoteTierException;
import dev.reactivecache.spring.Waiting;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.support.SimpleValueWrapper;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/**
 * A cache as Spring's annotations use it: both tiers, and the flights of the cache itself. What Spring stores as null
 * is the knowledge that there is no value, which is kept only if the cache has a time to live for it.
 *
 * <p>Changes wait for the remote tier on threads that may wait. On others they are begun, and a failure is logged. That
 * the remote tier does not acknowledge a change is logged on all, unless the application {@linkplain OnUnacknowledged
 * chooses} that it fails; in any case the invalidation is kept and sent again.
 */
final class CacheAdapter implements Cache {
    private static final Logger log = LoggerFactory.getLogger(CacheAdapter.class);

    private final NamedCache named;
    private final ReactiveCache<Object, Object> cache;

    CacheAdapter(NamedCache named) {
        this.named = named;
        this.cache = named.cache();
    }

    @Override
    public String getName() {
        return cache.name();
    }

    @Override
    public Object getNativeCache() {
        return cache;
    }

    @Override
    public CompletableFuture<?> retrieve(Object key) {
        return peek(key).toFuture();
    }

    private Mono<ValueWrapper> peek(Object key) {
        return cache.peek(named.checked(key)).map(answer -> wrapper(answer));
    }

    private static ValueWrapper wrapper(Cached<Object> answer) {
        return new SimpleValueWrapper(answer.value());
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
        return (CompletableFuture<T>)
                named.fetch(key, Mono.fromFuture(valueLoader)).toFuture();
    }

    @Override
    public @Nullable ValueWrapper get(Object key) {
        return Waiting.resultOf(peek(key));
    }

    @Override
    public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        ValueWrapper found = get(key);
        Object value = found == null ? null : found.get();
        if (value != null && type != null && !type.isInstance(value)) {
            throw new IllegalStateException(
                    "cache '" + getName() + "': the value is not of type " + type.getName() + ": " + value.getClass());
        }
        @SuppressWarnings("unchecked")
        T typed = (T) value;
        return typed;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
        if (!Waiting.isAllowed()) {
            return (T) remembered(key);
        }
        try {
            return (T) CallersThread.<Object>wait(source -> named.fetch(key, source), valueLoader);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ValueRetrievalException(key, valueLoader, e);
        } catch (RuntimeException e) {
            throw new ValueRetrievalException(key, valueLoader, Exceptions.unwrap(e));
        }
    }

    /** On a thread that must not wait, only what is in memory can be answered. */
    private @Nullable Object remembered(Object key) {
        ValueWrapper found = get(key);
        if (found == null) {
            throw new IllegalStateException("thread " + Thread.currentThread().getName()
                    + " must not wait for a blocking method behind cache '" + getName() + "'");
        }
        return found.get();
    }

    @Override
    public void put(Object key, @Nullable Object value) {
        change(named.put(key, value));
    }

    @Override
    public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        AtomicBoolean mine = new AtomicBoolean();
        Mono<Object> source = Mono.fromSupplier(() -> {
            mine.set(true);
            return value;
        });
        Object found = Waiting.resultOf(named.fetch(key, source));
        return mine.get() ? null : new SimpleValueWrapper(found);
    }

    @Override
    public void evict(Object key) {
        change(named.invalidate(key));
    }

    @Override
    public boolean evictIfPresent(Object key) {
        Mono<Boolean> work =
                peek(key).hasElement().flatMap(there -> named.invalidate(key).thenReturn(there));
        if (Waiting.isAllowed()) {
            return Boolean.TRUE.equals(Waiting.resultOf(work));
        }
        evict(key);
        return false;
    }

    @Override
    public void clear() {
        change(named.clear());
    }

    /** Where the remote tier has not acknowledged, the message names cache and key; other failures may not. */
    private String said(Throwable failure) {
        return failure instanceof RemoteTierException
                ? String.valueOf(failure.getMessage())
                : "cache '" + getName() + "': " + failure;
    }

    private void change(Mono<Void> work) {
        if (Waiting.isAllowed()) {
            Waiting.resultOf(work);
        } else {
            work.subscribe(null, failure -> log.warn(said(failure)));
        }
    }
}
