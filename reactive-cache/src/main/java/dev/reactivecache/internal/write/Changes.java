package dev.reactivecache.internal.write;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.Awaiting;
import dev.reactivecache.InvalidationReceipt;
import dev.reactivecache.internal.count.Counters;
import dev.reactivecache.internal.time.TimeSource;
import dev.reactivecache.remote.Spread;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** How a cache is changed: one key, many keys one by one, many at once, with a receipt or without. */
public final class Changes<K, V> {
    /** How many changes of {@link #all} are under way at once. */
    private static final int AT_ONCE = 256;

    private final Writes<K, V> writes;
    private final WideInvalidations wide;
    private final TimeSource timer;
    private final Counters counters;

    public Changes(Writes<K, V> writes, WideInvalidations wide, TimeSource timer, Counters counters) {
        this.writes = writes;
        this.wide = wide;
        this.timer = timer;
        this.counters = counters;
    }

    /** Changes of one key. */
    public Writes<K, V> ofKey() {
        return writes;
    }

    /** Invalidates a tag, or the whole cache, if null. */
    public Mono<Void> end(@Nullable String tag) {
        return wide.end(tag);
    }

    /** Invalidates the keys whose text begins with a prefix; emits, now and then and at the end, how many so far. */
    public Flux<Long> invalidatePrefix(String prefix) {
        if (requireNonNull(prefix, "prefix").isEmpty()) {
            throw new IllegalArgumentException("prefix must not be empty: clear() invalidates every key");
        }
        return wide.invalidatePrefix(prefix);
    }

    /** The change of a key, then the word of how many nodes have applied it. */
    public Mono<InvalidationReceipt> receiptOfKey(Mono<Void> change, K key, Awaiting awaiting) {
        return receipt(change, Flux.defer(() -> writes.spread(key)), awaiting);
    }

    /** The end of a tag, or of the whole cache, if null, then the word of how many nodes have applied it. */
    public Mono<InvalidationReceipt> receiptOfEnd(Mono<Void> change, @Nullable String tag, Awaiting awaiting) {
        return receipt(change, Flux.defer(() -> wide.spread(tag)), awaiting);
    }

    private Mono<InvalidationReceipt> receipt(Mono<Void> change, Flux<Spread> spread, Awaiting awaiting) {
        Duration limit = requireNonNull(awaiting, "awaiting").everyNodeFor();
        Mono<InvalidationReceipt> nobodyAsked = Mono.just(new InvalidationReceipt.Acknowledged());
        return change.then(
                limit == null ? nobodyAsked : everyNode(spread, limit).switchIfEmpty(nobodyAsked));
    }

    private Mono<InvalidationReceipt> everyNode(Flux<Spread> spread, Duration limit) {
        return spread.takeUntilOther(Mono.delay(limit, timer.scheduler()))
                .takeLast(1)
                .next()
                .map(InvalidationReceipt::of)
                .doOnError(failure -> counters.remoteFailures.increment())
                .onErrorComplete();
    }

    /** Makes all the changes, some at once; errors after all were tried. */
    public static <T> Mono<Void> all(Collection<T> all, Function<T, Mono<Void>> change) {
        return Flux.fromIterable(all)
                .flatMap(
                        each -> change.apply(each).then(Mono.<Throwable>empty()).onErrorResume(Mono::just), AT_ONCE)
                .collectList()
                .flatMap(Changes::firstOf);
    }

    private static Mono<Void> firstOf(List<Throwable> failures) {
        if (failures.isEmpty()) {
            return Mono.empty();
        }
        Throwable first = failures.get(0);
        failures.stream().skip(1).filter(other -> other != first).forEach(first::addSuppressed);
        return Mono.error(first);
    }
}
