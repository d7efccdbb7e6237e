package dev.reactivecache.internal.read;

import static java.util.Objects.requireNonNull;

import dev.reactivecache.BulkAnswer;
import dev.reactivecache.BulkOptions;
import dev.reactivecache.BulkReadException;
import dev.reactivecache.internal.entry.Entry;
import dev.reactivecache.internal.load.BulkLoad;
import dev.reactivecache.internal.load.BulkLoader;
import dev.reactivecache.internal.load.Loader;
import dev.reactivecache.internal.load.OwnLoaders;
import dev.reactivecache.internal.time.ThreadBatch;
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
 * How many keys are read at once: from memory, and each of the others on its own flight, as a single read of it. So
 * what holds for single reads holds for these, and the two share their flights; only the loads of the flights that a
 * bulk read has opened are gathered.
 */
public final class BulkReads<K, V> {
    /** Fewer keys than a server and this node's own processors can be asked for without a queue that outlasts reads. */
    private static final int STEP = 1_000;

    /** One is loaded while the next asks the tiers. */
    private static final int STEPS_AT_ONCE = 2;

    private final Reads<K, V> reads;

    public BulkReads(Reads<K, V> reads) {
        this.reads = reads;
    }

    /**
     * Makes the loader of each step of a read.
     *
     * @param stepSize how many missing keys are a step
     * @param forStep the loader of a step that misses the given keys; or nothing, if none is to be asked
     */
    public record Loaders<K, V>(int stepSize, Function<Collection<K>, @Nullable Loader<K, V>> forStep) {}

    /** Asks nobody but the tiers. */
    public static <K, V> Loaders<K, V> none() {
        return new Loaders<>(STEP, missing -> null);
    }

    /** Asks for each key by itself. */
    static <K, V> Loaders<K, V> single(Loader<K, V> loader) {
        return new Loaders<>(STEP, missing -> loader);
    }

    /** Asks for many keys together. A step makes as few calls as can be: all but the last step's are full. */
    public Loaders<K, V> together(BulkLoader<K, V> loader, int loadSize) {
        return new Loaders<>(
                loadSize >= STEP ? loadSize : STEP - STEP % loadSize,
                missing -> new BulkLoad<>(reads.life.cache(), loader, loadSize, reads.timer, missing));
    }

    /** Asks as the cache was built to: for many keys together, if it can. */
    public Loaders<K, V> by(OwnLoaders<K, V> own) {
        BulkLoader<K, V> bulk = own.bulk();
        return bulk == null
                ? single(own.forOne())
                : together(bulk, BulkOptions.defaults().loadSize());
    }

    /** The keys of a call, each once, in their order; checked now. */
    public static <K> Set<K> distinct(Collection<? extends K> keys) {
        Set<K> distinct = new LinkedHashSet<>();
        requireNonNull(keys, "keys").forEach(key -> distinct.add(requireNonNull(key, "key")));
        return distinct;
    }

    /** The values of those that have one; errors with {@link BulkReadException} if any has failed. */
    public Mono<Map<K, V>> values(Set<K> keys, Loaders<K, V> loaders) {
        return answers(keys, loaders).flatMap(answers -> {
            Map<K, V> values = new LinkedHashMap<>();
            Map<K, Throwable> failures = new LinkedHashMap<>();
            answers.forEach((key, answer) -> {
                if (answer instanceof BulkAnswer.Found<K, V> found) {
                    values.put(key, found.value());
                } else if (answer instanceof BulkAnswer.Failed<K, V> failed) {
                    failures.put(key, failed.failure());
                }
            });
            Map<K, V> seen = Collections.unmodifiableMap(values);
            return failures.isEmpty()
                    ? Mono.just(seen)
                    : Mono.error(
                            new BulkReadException(reads.life.cache(), seen, Collections.unmodifiableMap(failures)));
        });
    }

    /** What each key of a publisher came to, in its order, step by step. */
    public Flux<BulkAnswer<K, V>> each(Publisher<? extends K> keys, int readSize, Loaders<K, V> loaders) {
        return Flux.<K>from(keys)
                .buffer(readSize)
                .concatMap(
                        step -> answers(new LinkedHashSet<>(step), loaders).map(answers -> inOrder(step, answers)), 1)
                .concatMapIterable(answers -> answers, 1);
    }

    private static <K, V> List<BulkAnswer<K, V>> inOrder(List<K> keys, Map<K, BulkAnswer<K, V>> answers) {
        List<BulkAnswer<K, V>> ordered = new ArrayList<>(keys.size());
        keys.forEach(key -> ordered.add(requireNonNull(answers.get(key))));
        return ordered;
    }

    /** What each key came to, in their order. */
    Mono<Map<K, BulkAnswer<K, V>>> answers(Set<K> keys, Loaders<K, V> loaders) {
        return Mono.defer(() -> {
            Map<K, BulkAnswer<K, V>> answers = new LinkedHashMap<>();
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
            return Flux.fromIterable(missing)
                    .buffer(loaders.stepSize())
                    .flatMap(step -> step(step, loaders.forStep().apply(step)), STEPS_AT_ONCE, 1)
                    .doOnNext(answer -> answers.put(answer.key(), answer)) // one after another, and no key is new
                    .then(Mono.just(answers));
        });
    }

    private Flux<BulkAnswer<K, V>> step(List<K> missing, @Nullable Loader<K, V> loader) {
        Flux<BulkAnswer<K, V>> read =
                Flux.fromIterable(missing).flatMap(key -> read(key, loader), Integer.MAX_VALUE, 1);
        return Flux.from(caller -> ThreadBatch.run(() -> read.subscribe(caller)));
    }

    private Mono<BulkAnswer<K, V>> read(K key, @Nullable Loader<K, V> loader) {
        Mono<BulkAnswer<K, V>> read = new MissMono<>(reads, key, loader)
                .map(given -> answer(key, given.entry()))
                .defaultIfEmpty(new BulkAnswer.Absent<>(key))
                .onErrorResume(failure -> Mono.just(new BulkAnswer.Failed<>(key, failure)));
        return loader == null ? read : read.doFinally(end -> loader.ended(key));
    }

    private static <K, V> BulkAnswer<K, V> answer(K key, @Nullable Entry<V> entry) {
        V value = entry == null ? null : entry.value();
        return value == null ? new BulkAnswer.Absent<>(key) : new BulkAnswer.Found<>(key, value);
    }
}
