package dev.reactivecache.spring.web;

import dev.reactivecache.ReactiveCache;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Drops what is stored of a resource that somebody has changed: of the URI of an unsafe request that was answered
 * without an error, and of those that the response's {@code Location} and {@code Content-Location} name on the same
 * server (RFC 9111, section 4.4).
 */
final class ChangedResources {
    private static final Logger LOG = LoggerFactory.getLogger(ChangedResources.class);
    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

    private final ReactiveCache<String, StoredResponse> cache;
    private final CacheKeys keys;

    ChangedResources(ReactiveCache<String, StoredResponse> cache, CacheKeys keys) {
        this.cache = cache;
        this.keys = keys;
    }

    /** Whether requests of this method may change what they are sent to. */
    static boolean changes(HttpMethod method) {
        return !SAFE.contains(method);
    }

    /**
     * Completes when what is stored is dropped. Never errors: the cache keeps what it could not tell its remote tier.
     */
    Mono<Void> drop(URI target, @Nullable HttpStatusCode status, HttpHeaders response) {
        if (status != null && status.isError()) {
            return Mono.empty();
        }
        Set<URI> changed = new LinkedHashSet<>();
        changed.add(target);
        addSameServer(changed, target, response.getFirst(HttpHeaders.LOCATION));
        addSameServer(changed, target, response.getFirst(HttpHeaders.CONTENT_LOCATION));
        return Flux.fromIterable(changed)
                .flatMap(uri -> cache.invalidateTag(keys.tag(uri)).onErrorResume(failure -> {
                    LOG.warn("cache '{}': what is stored of {} may be old: {}", cache.name(), uri, failure.toString());
                    return Mono.empty();
                }))
                .then();
    }

    /** Java resolves a query alone against the path's parent, as an older standard did. */
    private static URI resolve(URI target, String reference) {
        return target.resolve(reference.startsWith("?") ? target.getRawPath() + reference : reference);
    }

    private static void addSameServer(Set<URI> changed, URI target, @Nullable String reference) {
        if (reference == null) {
            return;
        }
        try {
            URI named = resolve(target, reference.trim());
            if (NormalUri.areOfOneServer(named, target)) {
                changed.add(named);
            }
        } catch (IllegalArgumentException malformed) {
            LOG.debug("a response names a location that is none", malformed);
        }
    }
}
