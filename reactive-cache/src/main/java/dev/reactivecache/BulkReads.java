package dev.reactivecache;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.entry.Entry;
import dev.reactivecache.policy.Timer;
import dev.reactivecache.policy.Together;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How many keys are read at once: from memory, and each of the others on its own flight, as a single read of it. So what
 * holds for single reads holds for these, and the two share their flights; only the loads of the flights that a bulk read
 * has opened are gathered.
 */
final class BulkReads<K, V> {
    private final String cache;
    private final Reads<K, V> reads;
    private final Timer timer;

    BulkReads(String cache, Reads<K, V> reads, Timer timer) {
        this.cache = cache;
        this.reads = reads;
        this.timer = timer;
    }

    /** Makes the loader of one read, which may be asked for the given keys; or nothing, if none is to be asked. */
    interface Loaders<K, V> {
        @Nullable
        Function<? super K, ? extends Mono<? extends V>> of(Collection<K> missing);
    }

    /** Asks nobody but the tiers. */
    static <K, V> Loaders<K, V> none() {
        return missing -> null;
    }

    /** Asks for each key by itself. */
    static <K, V> Loaders<K, V> single(Function<? super K, ? extends Mono<? extends V>> loader) {
        return missing -> loader;
    }

    /** Asks for many keys together. */
    Loaders<K, V> together(
            Function<? super Set<K>, ? extends Mono<? extends Map<? extends K, ? extends V>>> loader, int loadSize) {
        return missing -> new BulkLoad<>(cache, loader, loadSize, timer, missing);
    }

    /** The keys of a call, each once, in their order; checked now. */
    static <K> Set<K> distinct(Collection<? extends K> keys) {
        Set<K> distinct = new LinkedHashSet<>();
        requireNonNull(keys, "keys").forEach(key -> distinct.add(requireNonNull(key, "key")));
        return distinct;
    }

    /** The values of those that have one; errors with {@link BulkReadException} if any has failed. */
    Mono<Map<K, V>> values(Set<K> keys, Loaders<K, V> loaders) {
        return answers(keys, loaders).flatMap(answers -> {
            Map<K, V> values = new LinkedHashMap<>();
            Map<K, Throwable> failures = new LinkedHashMap<>();
            answers.forEach((key, answer) -> {
                if (answer instanceof Answer.Found<K, V> found) {
                    values.put(key, found.value());
                } else if (answer instanceof Answer.Failed<K, V> failed) {
                    failures.put(key, failed.failure());
                }
            });
            Map<K, V> seen = Collections.unmodifiableMap(values);
            return failures.isEmpty()
                    ? Mono.just(seen)
                    : Mono.error(new BulkReadException(cache, seen, Collections.unmodifiableMap(failures)));
        });
    }

    /** What each key of a publisher came to, in its order, step by step. */
    Flux<Answer<K, V>> each(Publisher<? extends K> keys, int readSize, Loaders<K, V> loaders) {
        return Flux.<K>from(keys)
                .buffer(readSize)
                .concatMap(
                        step -> answers(new LinkedHashSet<>(step), loaders).map(answers -> inOrder(step, answers)), 1)
                .concatMapIterable(answers -> answers, 1);
    }

    private static <K, V> List<Answer<K, V>> inOrder(List<K> keys, Map<K, Answer<K, V>> answers) {
        List<Answer<K, V>> ordered = new ArrayList<>(keys.size());
        keys.forEach(key -> ordered.add(requireNonNull(answers.get(key))));
        return ordered;
    }

    /** What each key came to, in their order. */
    Mono<Map<K, Answer<K, V>>> answers(Set<K> keys, Loaders<K, V> loaders) {
        return Mono.defer(() -> {
            Map<K, Answer<K, V>> answers = new LinkedHashMap<>();
            List<K> missing = new ArrayList<>();
            for (K key : keys) {
                Entry<V> hit = reads.hit(key);
                answers.put(key, answer(key, hit));
                if (hit == null) {
                    missing.add(key);
                }
            }
            if (missing.isEmpty()) {
                return Mono.just(answers);
            }
            var loader = loaders.of(missing);
            Flux<Answer<K, V>> read =
                    Flux.fromIterable(missing).flatMap(key -> read(key, loader), Integer.MAX_VALUE, 1);
            return Flux.<Answer<K, V>>from(caller -> Together.run(() -> read.subscribe(caller)))
                    .doOnNext(answer -> answers.put(answer.key(), answer)) // one after another, and no key is new
                    .then(Mono.just(answers));
        });
    }

    private Mono<Answer<K, V>> read(K key, @Nullable Function<? super K, ? extends Mono<? extends V>> loader) {
        Mono<Answer<K, V>> read = reads.miss(key, loader)
                .map(entry -> answer(key, entry))
                .defaultIfEmpty(new Answer.Absent<>(key))
                .onErrorResume(failure -> Mono.just(new Answer.Failed<>(key, failure)));
        return loader instanceof BulkLoad<?, ?> ? read.doFinally(end -> ended(loader, key)) : read;
    }

    @SuppressWarnings("unchecked") // it was made here, for this key among others
    private void ended(Function<? super K, ? extends Mono<? extends V>> loader, K key) {
        ((BulkLoad<K, V>) loader).ended(key);
    }

    private static <K, V> Answer<K, V> answer(K key, @Nullable Entry<V> entry) {
        V value = entry == null ? null : entry.value();
        return value == null ? new Answer.Absent<>(key) : new Answer.Found<>(key, value);
    }
}
