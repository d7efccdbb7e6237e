package dev.reactivecache.spring.web;

import dev.reactivecache.spring.web.ResponseStore.Found;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Says what a cache did with a request: {@code Cache-Status} (RFC 9211) and, if wanted, {@code X-Cache}. */
final class CacheStatus {
    private static final String NAME = "Cache-Status";

    private final String cache;
    private final boolean xCache;

    CacheStatus(String cache, HttpCacheOptions options) {
        boolean token = cache.matches("[A-Za-z*][A-Za-z0-9._-]*");
        this.cache = token ? cache : '"' + cache + '"';
        this.xCache = options.hasXCache();
    }

    /** The response was answered by the cache, or stored in it. */
    void answered(HttpHeaders response, Found found) {
        long ttl = Math.max(0, found.left().toSeconds());
        String what = switch (found.source()) {
            case HIT -> "hit; ttl=" + ttl;
            case MISS, VARY_MISS, STALE -> "fwd=" + found.source().reason() + "; stored; ttl=" + ttl;
            case VALIDATED -> "fwd=stale; fwd-status=304; stored; ttl=" + ttl;
            case COLLAPSED -> "fwd=uri-miss; collapsed; ttl=" + ttl;
        };
        add(response, what, found.source() == ResponseStore.Source.HIT);
    }

    /** The request went on, and its response is not stored. */
    void forwarded(HttpHeaders response, String reason, @Nullable String detail) {
        String about = detail == null ? "" : "; detail=" + detail.toLowerCase(Locale.ROOT);
        add(response, "fwd=" + reason + about, false);
    }

    private void add(HttpHeaders response, String what, boolean hit) {
        response.add(NAME, cache + "; " + what);
        if (xCache) {
            response.set("X-Cache", hit ? "HIT" : "MISS");
        }
    }
}
