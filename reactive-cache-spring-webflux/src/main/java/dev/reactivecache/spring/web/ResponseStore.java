package dev.reactivecache.spring.web;

import dev.reactivecache.CacheHealth;
import dev.reactivecache.Cached;
import dev.reactivecache.EntryOptions;
import dev.reactivecache.Loaded;
import dev.reactivecache.ReactiveCache;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** Finds stored responses, and asks for them once where there are none that may answer. */
final class ResponseStore {
    private final ReactiveCache<String, StoredResponse> cache;
    private final StoragePolicy policy;

    /** What is being dropped, so that all who find one stale response drop it once. */
    private final ConcurrentMap<String, Mono<Void>> drops = new ConcurrentHashMap<>();

    ResponseStore(ReactiveCache<String, StoredResponse> cache, StoragePolicy policy) {
        this.cache = cache;
        this.policy = policy;
    }

    /** Where an answer came from. */
    enum Source {
        /** It was stored. */
        HIT,
        /** Nothing was stored. */
        MISS,
        /** What was stored must not answer. */
        STALE,
        /** What was stored had to be validated, and is good for another while. */
        VALIDATED,
        /** The call of another request brought it. */
        COLLAPSED
    }

    /**
     * What was found.
     *
     * @param response the response, or null if what was asked brought none that may be stored
     * @param age how old it is
     */
    record Found(@Nullable StoredResponse response, Source source, Duration age) {
        static final Found NOTHING = new Found(null, Source.MISS, Duration.ZERO);

        Duration left() {
            return response == null ? Duration.ZERO : response.lifetime().minus(age);
        }
    }

    /** A response that may be stored, with what its entry has of its own. */
    record Storable(StoredResponse response, EntryOptions options) {
        Storable(StoredResponse response) {
            this(response, EntryOptions.defaults());
        }

        private Loaded<StoredResponse> tagged(String tag) {
            return Loaded.of(response).with(options.withTags(with(options.tags(), tag)));
        }

        private static List<String> with(List<String> tags, String tag) {
            return Stream.concat(Stream.of(tag), tags.stream()).toList();
        }
    }

    /** Asks for a response, if it wants to by asking whether the one that is stored is good still. */
    interface Origin {
        /**
         * Emits a response; one that has the body of {@code stale} says that it is good still. Empty if it may not be
         * stored.
         */
        Mono<Storable> ask(@Nullable StoredResponse stale);
    }

    /**
     * Finds a response that may answer the request, or asks for one, which is stored also with a tag of its URI. Emits
     * exactly one element.
     */
    Mono<Found> find(String key, String tag, HttpHeaders request, Origin origin) {
        return Mono.defer(() -> {
            AtomicBoolean mine = new AtomicBoolean();
            AtomicReference<@Nullable StoredResponse> stale = new AtomicReference<>();
            Mono<Cached<StoredResponse>> read = cache.lookupLoaded(
                    key,
                    same -> Mono.defer(() -> {
                        mine.set(true);
                        return origin.ask(stale.get()).map(storable -> storable.tagged(tag));
                    }));
            return read.flatMap(answer -> {
                        if (answers(answer, request)) {
                            return Mono.just(found(answer, mine.get(), Source.MISS));
                        }
                        stale.set(answer.value());
                        return drop(key, request)
                                .then(read)
                                .filter(again -> answers(again, request))
                                .map(again -> found(again, mine.get(), sameBody(again, answer)));
                    })
                    .defaultIfEmpty(new Found(null, mine.get() ? Source.MISS : Source.STALE, Duration.ZERO));
        });
    }

    private static Source sameBody(Cached<StoredResponse> now, Cached<StoredResponse> before) {
        StoredResponse one = now.value();
        StoredResponse other = before.value();
        return one != null && other != null && one.body() == other.body() ? Source.VALIDATED : Source.STALE;
    }

    /** What is stored and may answer the request, without asking for it; empty if nothing is. */
    Mono<Found> peek(String key, HttpHeaders request) {
        return cache.peek(key)
                .filter(answer -> !answer.isAbsent() && answers(answer, request))
                .map(answer -> found(answer, false, Source.MISS))
                .onErrorResume(failure -> isClosed(), failure -> Mono.empty());
    }

    /** Whether the cache is closed, and answers nothing any more. */
    boolean isClosed() {
        return cache.health().status() == CacheHealth.Status.CLOSED;
    }

    private boolean answers(Cached<StoredResponse> answer, HttpHeaders request) {
        StoredResponse stored = answer.value();
        return stored == null
                || answer.origin() == Cached.Origin.LOADER
                || policy.answers(stored, age(answer, stored), request);
    }

    private static Duration age(Cached<?> answer, StoredResponse stored) {
        return stored.ageOnArrival().plus(answer.age());
    }

    private static Found found(Cached<StoredResponse> answer, boolean mine, Source ifMine) {
        StoredResponse stored = answer.value();
        boolean loaded = answer.origin() == Cached.Origin.LOADER;
        Source source = !loaded ? Source.HIT : mine ? ifMine : Source.COLLAPSED;
        return new Found(stored, source, stored == null ? Duration.ZERO : age(answer, stored));
    }

    /** Drops what is there and must not answer. What is not there any more, others are asking for already. */
    private Mono<Void> drop(String key, HttpHeaders request) {
        return drops.computeIfAbsent(
                key,
                same -> cache.peek(key)
                        .filter(there -> !answers(there, request))
                        .flatMap(stale -> cache.invalidate(key))
                        .onErrorComplete() // the cache keeps an invalidation that fails, and reads of its key load
                        .doFinally(end -> drops.remove(key))
                        .cache());
    }
}
