package dev.reactivecache.spring.web;

import dev.reactivecache.CacheHealth;
import dev.reactivecache.Cached;
import dev.reactivecache.EntryOptions;
import dev.reactivecache.Loaded;
import dev.reactivecache.ReactiveCache;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;

/** Finds stored responses, and asks for them once where there are none that may answer. */
final class ResponseStore {
    /** After so many keys a request goes on as if nothing could be stored: its responses vary too wildly. */
    private static final int MOST_STEPS = 5;

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
        HIT(""),
        /** Nothing was stored. */
        MISS("uri-miss"),
        /** What is stored was made for requests with other fields. */
        VARY_MISS("vary-miss"),
        /** What was stored must not answer. */
        STALE("stale"),
        /** What was stored had to be validated, and is good for another while. */
        VALIDATED("stale"),
        /** The call of another request brought it. */
        COLLAPSED("uri-miss");

        private final String reason;

        Source(String reason) {
            this.reason = reason;
        }

        /** Why a request went on, in the words of RFC 9211, section 2.2. */
        String reason() {
            return reason;
        }
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
         *
         * @param why why what is stored does not answer
         */
        Mono<Storable> ask(@Nullable StoredResponse stale, Source why);
    }

    /** What a request wants: the key that all variants of its response have in common, their tag, and its fields. */
    record Wanted(String key, Supplier<String> tag, HttpHeaders request) {}

    /** Finds a response that may answer, or asks for one, which is stored. Emits exactly one element. */
    Mono<Found> find(Wanted wanted, Origin origin) {
        return Mono.defer(() -> new Search(wanted, origin).at(wanted.key()));
    }

    /** What is stored and may answer, without asking for it; empty if nothing is. */
    Mono<Found> peek(Wanted wanted) {
        return Mono.defer(() -> new Search(wanted, (stale, why) -> Mono.empty()).peekAt(wanted.key()))
                .onErrorResume(failure -> isClosed(), failure -> Mono.empty());
    }

    /**
     * Drops what is stored, fresh or not, if it is not the response that the server has now, as the head of that tells
     * (RFC 9111, section 4.3.5). Never errors: the cache keeps what it could not tell its remote tier.
     */
    Mono<Void> dropUnlike(Wanted wanted, HttpHeaders head) {
        return Mono.defer(() -> new Search(wanted, (stale, why) -> Mono.empty()).dropUnlike(wanted.key(), head))
                .onErrorComplete();
    }

    /** Whether the cache is closed, and answers nothing any more. */
    boolean isClosed() {
        return cache.health().status() == CacheHealth.Status.CLOSED;
    }

    /**
     * One search, from the key that says least to those that say more: where a response is that was made for other
     * requests, its {@code Vary} says under which key to look next.
     */
    private final class Search {
        private final Wanted wanted;
        private final Origin origin;
        private final AtomicBoolean mine = new AtomicBoolean();
        private final AtomicReference<@Nullable StoredResponse> stale = new AtomicReference<>();
        private final NavigableSet<String> fields = new TreeSet<>();
        private int steps;

        Search(Wanted wanted, Origin origin) {
            this.wanted = wanted;
            this.origin = origin;
        }

        Mono<Found> at(String key) {
            Mono<Cached<StoredResponse>> read = cache.lookupLoaded(
                    key,
                    same -> Mono.defer(() -> {
                        mine.set(true);
                        return origin.ask(stale.get(), why())
                                .map(storable -> storable.tagged(wanted.tag().get()));
                    }));
            return read.flatMap(answer -> {
                        if (isForOthers(answer)) {
                            return elsewhere(answer);
                        }
                        if (answers(answer)) {
                            return Mono.just(found(answer, why()));
                        }
                        stale.set(answer.value());
                        return drop(key).then(read).flatMap(again -> again(again, answer));
                    })
                    .defaultIfEmpty(new Found(null, mine.get() ? Source.MISS : Source.STALE, Duration.ZERO));
        }

        private Source why() {
            return stale.get() != null ? Source.STALE : steps == 0 ? Source.MISS : Source.VARY_MISS;
        }

        /** What is there once a stale response was dropped. */
        private Mono<Found> again(Cached<StoredResponse> again, Cached<StoredResponse> before) {
            if (isForOthers(again)) {
                return elsewhere(again);
            }
            return answers(again) ? Mono.just(found(again, sameBody(again, before))) : Mono.empty();
        }

        private Mono<Found> elsewhere(Cached<StoredResponse> other) {
            String key = nextKey(other);
            return key == null ? Mono.just(Found.NOTHING) : at(key);
        }

        Mono<Found> peekAt(String key) {
            return cache.peek(key).filter(answer -> !answer.isAbsent()).flatMap(answer -> {
                if (isForOthers(answer)) {
                    String next = nextKey(answer);
                    return next == null ? Mono.empty() : peekAt(next);
                }
                return answers(answer) ? Mono.just(found(answer, Source.MISS)) : Mono.empty();
            });
        }

        Mono<Void> dropUnlike(String key, HttpHeaders head) {
            return cache.peek(key).flatMap(answer -> {
                if (isForOthers(answer)) {
                    String next = nextKey(answer);
                    return next == null ? Mono.empty() : dropUnlike(next, head);
                }
                StoredResponse stored = answer.value();
                return stored == null || stored.isLike(head) ? Mono.empty() : cache.invalidate(key);
            });
        }

        private @Nullable String nextKey(Cached<StoredResponse> other) {
            stale.set(null);
            StoredResponse response = other.value();
            return response == null || ++steps == MOST_STEPS
                    ? null
                    : policy.variants().key(wanted.key(), fields, response, wanted.request());
        }

        /** What this request has brought is for it, whatever it varies by. */
        private boolean isForOthers(Cached<StoredResponse> answer) {
            StoredResponse stored = answer.value();
            return stored != null && !isMine(answer) && !policy.variants().match(stored, wanted.request());
        }

        /** Not so if the cache has answered with an older one, while it has this request's asked for in background. */
        private boolean isMine(Cached<StoredResponse> answer) {
            return mine.get() && answer.origin() == Cached.Origin.LOADER;
        }

        /** What was just brought answers who asked for it, and those who have waited if it is fresh. */
        private boolean answers(Cached<StoredResponse> answer) {
            StoredResponse stored = answer.value();
            if (stored == null) {
                return true;
            }
            if (answer.origin() == Cached.Origin.LOADER) {
                return mine.get() || policy.answersWhoHaveWaited(stored, age(answer, stored));
            }
            return policy.answers(stored, age(answer, stored), wanted.request());
        }

        private Found found(Cached<StoredResponse> answer, Source ifMine) {
            StoredResponse stored = answer.value();
            boolean loaded = answer.origin() == Cached.Origin.LOADER;
            Source source = !loaded ? Source.HIT : mine.get() ? ifMine : Source.COLLAPSED;
            return new Found(stored, source, stored == null ? Duration.ZERO : age(answer, stored));
        }

        /** Drops what is there and must not answer. What is not there any more, others are asking for already. */
        private Mono<Void> drop(String key) {
            return drops.computeIfAbsent(
                    key,
                    same -> cache.peek(key)
                            .filter(there -> !answers(there))
                            .flatMap(old -> cache.invalidate(key))
                            .onErrorComplete() // the cache keeps an invalidation that fails, and reads of its key load
                            .doFinally(end -> drops.remove(key))
                            .cache());
        }
    }

    private static Source sameBody(Cached<StoredResponse> now, Cached<StoredResponse> before) {
        StoredResponse one = now.value();
        StoredResponse other = before.value();
        return one != null && other != null && one.body() == other.body() ? Source.VALIDATED : Source.STALE;
    }

    private static Duration age(Cached<?> answer, StoredResponse stored) {
        return stored.ageOnArrival().plus(answer.age());
    }
}
