package dev.reactivecache.spring.actuate;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.codec.CodecException;
import dev.reactivecache.codec.KeyCodec;
import dev.reactivecache.spring.ReactiveCaches;
import dev.reactivecache.spring.actuate.CacheReport.Caches;
import dev.reactivecache.spring.actuate.CacheReport.Detail;
import dev.reactivecache.spring.actuate.CacheReport.KeyDetail;
import dev.reactivecache.spring.actuate.CacheReport.Summary;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import reactor.core.publisher.Mono;

/**
 * The endpoint {@code reactivecaches}: all caches, one cache, one key; and invalidation of a key, a tag, or a whole
 * cache, which must be asked for by name. Keys are spelt as in the remote tier. Values are shown only if
 * {@code management.endpoint.reactivecaches.show-values} says so. Reading a key never loads, and counts as a read.
 */
@Endpoint(id = ReactiveCachesEndpoint.ID)
public final class ReactiveCachesEndpoint {
    static final String ID = "reactivecaches";

    private final ReactiveCaches caches;
    private final boolean showValues;

    ReactiveCachesEndpoint(ReactiveCaches caches, boolean showValues) {
        this.caches = caches;
        this.showValues = showValues;
    }

    /** All caches, by name. */
    @ReadOperation
    public Caches caches() {
        return new Caches(caches.all().stream()
                .sorted(Comparator.comparing(ReactiveCache::name))
                .map(Summary::of)
                .toList());
    }

    /** One cache; empty if there is none of this name. */
    @ReadOperation
    public Mono<Detail> cache(@Selector String cache) {
        return Mono.justOrEmpty(caches.find(cache)).map(this::detail);
    }

    private Detail detail(ReactiveCache<?, ?> cache) {
        Map<String, Object> configuration = caches.settings(cache.name());
        return new Detail(
                cache.name(),
                caches.keyType(cache.name()).toString(),
                configuration,
                cache.stats(),
                CacheReport.details(cache.health()));
    }

    /** What is known of one key; empty if there is no such cache. */
    @ReadOperation
    public Mono<KeyDetail> key(@Selector String cache, @Selector String key) {
        return known(cache)
                .flatMap(found -> found.peek(parsed(cache, key))
                        .map(answer -> KeyDetail.of(cache, key, answer, showValues))
                        .defaultIfEmpty(KeyDetail.missing(cache, key)));
    }

    /**
     * Invalidates what has a tag, or a whole cache if {@code all} is true, everywhere; errors if the remote tier does
     * not acknowledge it.
     */
    @DeleteOperation
    public Mono<Void> clear(@Selector String cache, @Nullable String tag, @Nullable Boolean all) {
        boolean everything = Boolean.TRUE.equals(all);
        if (everything == (tag != null)) {
            return Mono.error(refused("say what to invalidate: either tag=... or all=true", null));
        }
        return required(cache).flatMap(found -> tag == null ? found.clear() : invalidateTag(found, tag));
    }

    private static Mono<Void> invalidateTag(ReactiveCache<Object, Object> cache, String tag) {
        try {
            return cache.invalidateTag(tag);
        } catch (IllegalArgumentException noTag) {
            return Mono.error(refused(String.valueOf(noTag.getMessage()), noTag));
        }
    }

    private static InvalidEndpointRequestException refused(String reason, @Nullable Throwable cause) {
        return cause == null
                ? new InvalidEndpointRequestException(reason, reason)
                : new InvalidEndpointRequestException(reason, reason, cause);
    }

    /** Invalidates one key, everywhere; errors if the remote tier does not acknowledge it. */
    @DeleteOperation
    public Mono<Void> invalidate(@Selector String cache, @Selector String key) {
        return required(cache).flatMap(found -> found.invalidate(parsed(cache, key)));
    }

    private Mono<ReactiveCache<Object, Object>> required(String cache) {
        return known(cache).switchIfEmpty(Mono.error(() -> refused("there is no cache named '" + cache + "'", null)));
    }

    @SuppressWarnings("unchecked")
    private Mono<ReactiveCache<Object, Object>> known(String cache) {
        return Mono.justOrEmpty(caches.find(cache)).map(found -> (ReactiveCache<Object, Object>) found);
    }

    private Object parsed(String cache, String key) {
        KeyCodec<?> codec = caches.keyCodec(cache)
                .orElseThrow(() -> refused(
                        "it is not known how the keys of cache '" + cache + "' are spelt: declare a KeyCodec bean",
                        null));
        try {
            return codec.decode(key);
        } catch (CodecException e) {
            throw refused("cache '" + cache + "' has no key that is spelt like that: " + e.getMessage(), e);
        }
    }
}
