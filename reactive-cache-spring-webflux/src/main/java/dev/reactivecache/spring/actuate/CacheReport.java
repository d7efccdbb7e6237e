package dev.reactivecache.spring.actuate;

import dev.reactivecache.CacheHealth;
import dev.reactivecache.CacheStats;
import dev.reactivecache.Cached;
import dev.reactivecache.ReactiveCache;
import dev.reactivecache.StaleHealth;
import dev.reactivecache.remote.RemoteHealth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the endpoint answers, as JSON will show it. */
final class CacheReport {
    private CacheReport() {}

    /** All caches. */
    record Caches(List<Summary> caches) {}

    /** One of many. */
    record Summary(
            String name, CacheHealth.Status status, long localSize, long localHits, long remoteHits, long misses) {
        static Summary of(ReactiveCache<?, ?> cache) {
            CacheStats stats = cache.stats();
            return new Summary(
                    cache.name(),
                    cache.health().status(),
                    stats.localSize(),
                    stats.localHits(),
                    stats.remoteHits(),
                    stats.misses());
        }
    }

    /** One cache. */
    record Detail(
            String name,
            String keyType,
            Map<String, Object> configuration,
            CacheStats stats,
            Map<String, Object> health) {}

    /** One key. Absent means that the source is known to have no value. */
    record KeyDetail(
            String cache,
            String key,
            boolean present,
            Cached.@Nullable Origin origin,
            boolean absent,
            @Nullable String age,
            @Nullable String remainingTtl,
            Cached.@Nullable Freshness freshness,
            @Nullable String staleFor,
            @Nullable String value) {

        static KeyDetail missing(String cache, String key) {
            return new KeyDetail(cache, key, false, null, false, null, null, null, null, null);
        }

        static KeyDetail of(String cache, String key, Cached<?> answer, boolean withValue) {
            return new KeyDetail(
                    cache,
                    key,
                    true,
                    answer.origin(),
                    answer.isAbsent(),
                    answer.age().toString(),
                    answer.remainingTtl().toString(),
                    answer.freshness(),
                    answer.staleFor().toString(),
                    withValue && !answer.isAbsent() ? String.valueOf(answer.value()) : null);
        }
    }

    /** Health in details. */
    static Map<String, Object> details(CacheHealth health) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("status", health.status());
        RemoteHealth remote = health.remote();
        if (remote != null) {
            details.put("connected", remote.connected());
            details.put("streamLive", remote.streamLive());
            put(details, "streamSilence", remote.silence());
            put(details, "problem", remote.problem());
        }
        StaleHealth stale = health.stale();
        if (stale != null) {
            put(details, "staleSince", stale.since());
            put(details, "oldestStale", stale.oldest());
            put(details, "staleCause", stale.cause());
        }
        details.put("pendingInvalidations", health.recovery().total());
        details.put("clearPending", health.recovery().wholeCache());
        put(details, "oldestPending", health.recovery().oldest());
        details.put("recoveryFull", health.recovery().full());
        return details;
    }

    private static void put(Map<String, Object> details, String name, @Nullable Object value) {
        if (value != null) {
            details.put(name, value.toString());
        }
    }
}
