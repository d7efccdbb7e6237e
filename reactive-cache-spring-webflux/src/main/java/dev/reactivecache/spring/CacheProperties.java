package dev.reactivecache.spring;

import dev.reactivecache.CacheMode;
import dev.reactivecache.Coalescing;
import dev.reactivecache.OnAbandon;
import dev.reactivecache.OnUnreachable;
import dev.reactivecache.ReactiveCacheBuilder;
import dev.reactivecache.local.LocalTier;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/**
 * Settings of one cache, or of all.
 *
 * @param keyType Type of the keys: a class name, or one of String, Integer, Long and UUID. With value-type it makes a
 *     bean.
 * @param valueType Type of the values, as java.util.List&lt;com.example.Product&gt;. With key-type it makes a bean.
 * @param remote Whether values are shared through the remote tier.
 * @param ttl How long a value may be served after it was loaded or written.
 * @param absentTtl How long it is remembered that the source has no value. Unless set, it is not.
 * @param staleWhileRevalidate For how long after that a value is still answered, at once, while it is loaded anew.
 * @param staleIfError For how long after that a value is answered if loading it anew fails.
 * @param softTimeout After how long a reader gets such a value instead of waiting for the load. Needs stale-if-error.
 * @param earlyRefresh How early values are loaded anew before their time to live ends; 1 is usual. Unless set, they are
 *     not.
 * @param refreshBackoff For how long a key is not loaded anew after that has failed.
 * @param refreshBulkhead How many keys a node loads anew at a time with nobody waiting.
 * @param jitter Largest share that is taken off a time to live at random, at least 0 and below 1.
 * @param loadTimeout After how long a load is cancelled.
 * @param loadBulkhead How many loads may run at a time while the remote tier cannot be asked.
 * @param onAbandon What becomes of a load whose callers have all cancelled.
 * @param mode What is answered from memory, where there is a remote tier.
 * @param coalescing Who shares one load of a missing key, where there is a remote tier.
 * @param lease For how long a node that loads may fill the key before it must renew that right.
 * @param quarantine For how long at most a write-through keeps others from filling its key.
 * @param onUnreachable What becomes of a write-through when the remote tier cannot be told that it begins.
 * @param recoveryCapacity Of how many keys invalidations are kept that the remote tier has not acknowledged.
 * @param invalidationBuffer How many keys may wait for one slow subscriber of the invalidations.
 * @param maxElements Most elements that a Flux method with a cache annotation may have for its result to be stored.
 * @param local What is kept in memory.
 */
record CacheProperties(
        @Nullable String keyType,
        @Nullable String valueType,
        @Nullable RemoteUse remote,
        @Nullable Duration ttl,
        @Nullable Duration absentTtl,
        @Nullable Duration staleWhileRevalidate,
        @Nullable Duration staleIfError,
        @Nullable Duration softTimeout,
        @Nullable Double earlyRefresh,
        @NestedConfigurationProperty @Nullable RefreshBackoff refreshBackoff,
        @Nullable Integer refreshBulkhead,
        @Nullable Double jitter,
        @Nullable Duration loadTimeout,
        @Nullable Integer loadBulkhead,
        @Nullable OnAbandon onAbandon,
        @Nullable CacheMode mode,
        @Nullable Coalescing coalescing,
        @Nullable Duration lease,
        @Nullable Duration quarantine,
        @Nullable OnUnreachable onUnreachable,
        @Nullable Integer recoveryCapacity,
        @Nullable Integer invalidationBuffer,
        @Nullable Integer maxElements,
        @NestedConfigurationProperty @Nullable Local local) {

    static final int DEFAULT_MAX_ELEMENTS = 1_000;
    static final CacheProperties NONE = new CacheProperties(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null, null, null, null, null, null);

    /** Whether a cache has a remote tier. */
    enum RemoteUse {
        /** If there is one. */
        AUTO,
        /** Yes: without one the application does not start. */
        REQUIRED,
        /** No: the cache lives in memory. */
        NONE
    }

    /**
     * For how long a key is not loaded anew after that has failed.
     *
     * @param first After a first failure; twice as long after each more in a row.
     * @param longest At most.
     */
    record RefreshBackoff(
            @Nullable Duration first, @Nullable Duration longest) {
        private static final Duration DEFAULT_FIRST = Duration.ofSeconds(1);
        private static final Duration DEFAULT_LONGEST = Duration.ofSeconds(30);

        RefreshBackoff over(RefreshBackoff others) {
            return new RefreshBackoff(
                    CacheProperties.first(first, others.first), CacheProperties.first(longest, others.longest));
        }

        void applyTo(ReactiveCacheBuilder<?, ?> builder) {
            builder.refreshBackoff(first == null ? DEFAULT_FIRST : first, longest == null ? DEFAULT_LONGEST : longest);
        }
    }

    /**
     * What is kept in memory.
     *
     * @param maximumSize Most entries that are kept.
     * @param maximumEncodedSize Most that the kept values measure together as their codec encodes them. Not with
     *     maximum-size.
     * @param ttl Longest that this node keeps a copy.
     */
    record Local(
            @Nullable Long maximumSize,
            @Nullable DataSize maximumEncodedSize,
            @Nullable Duration ttl) {

        /** These settings, and the others where these say nothing. There is one bound. */
        Local over(Local others) {
            boolean bounded = maximumSize != null || maximumEncodedSize != null;
            return new Local(
                    bounded ? maximumSize : others.maximumSize,
                    bounded ? maximumEncodedSize : others.maximumEncodedSize,
                    first(ttl, others.ttl));
        }

        <K, V> LocalTier<K, V> tier() {
            if (maximumSize != null && maximumEncodedSize != null) {
                throw new IllegalArgumentException("local.maximum-size (" + maximumSize
                        + ") and local.maximum-encoded-size (" + maximumEncodedSize + ") exclude each other");
            }
            LocalTier<K, V> tier = maximumEncodedSize != null
                    ? LocalTier.maximumEncodedSize(maximumEncodedSize.toBytes())
                    : LocalTier.maximumSize(maximumSize == null ? 10_000 : maximumSize);
            return ttl == null ? tier : tier.withTtl(ttl);
        }
    }

    /** These settings, and the others where these say nothing. The types are one cache's own. */
    CacheProperties over(CacheProperties others) {
        return new CacheProperties(
                keyType,
                valueType,
                first(remote, others.remote),
                first(ttl, others.ttl),
                first(absentTtl, others.absentTtl),
                first(staleWhileRevalidate, others.staleWhileRevalidate),
                first(staleIfError, others.staleIfError),
                first(softTimeout, others.softTimeout),
                first(earlyRefresh, others.earlyRefresh),
                backoffOver(others.refreshBackoff),
                first(refreshBulkhead, others.refreshBulkhead),
                first(jitter, others.jitter),
                first(loadTimeout, others.loadTimeout),
                first(loadBulkhead, others.loadBulkhead),
                first(onAbandon, others.onAbandon),
                first(mode, others.mode),
                first(coalescing, others.coalescing),
                first(lease, others.lease),
                first(quarantine, others.quarantine),
                first(onUnreachable, others.onUnreachable),
                first(recoveryCapacity, others.recoveryCapacity),
                first(invalidationBuffer, others.invalidationBuffer),
                first(maxElements, others.maxElements),
                localOver(others.local));
    }

    private @Nullable RefreshBackoff backoffOver(@Nullable RefreshBackoff others) {
        return refreshBackoff == null || others == null ? first(refreshBackoff, others) : refreshBackoff.over(others);
    }

    private @Nullable Local localOver(@Nullable Local others) {
        return local == null || others == null ? first(local, others) : local.over(others);
    }

    private static <T> @Nullable T first(@Nullable T own, @Nullable T other) {
        return own == null ? other : own;
    }

    /** What is set, for people. */
    Map<String, Object> told() {
        Map<String, Object> told = new LinkedHashMap<>();
        put(told, "key-type", keyType);
        put(told, "value-type", valueType);
        put(told, "remote", remote);
        put(told, "ttl", ttl);
        put(told, "absent-ttl", absentTtl);
        put(told, "stale-while-revalidate", staleWhileRevalidate);
        put(told, "stale-if-error", staleIfError);
        put(told, "soft-timeout", softTimeout);
        put(told, "early-refresh", earlyRefresh);
        put(told, "refresh-backoff.first", refreshBackoff == null ? null : refreshBackoff.first);
        put(told, "refresh-backoff.longest", refreshBackoff == null ? null : refreshBackoff.longest);
        put(told, "refresh-bulkhead", refreshBulkhead);
        put(told, "jitter", jitter);
        put(told, "load-timeout", loadTimeout);
        put(told, "load-bulkhead", loadBulkhead);
        put(told, "on-abandon", onAbandon);
        put(told, "mode", mode);
        put(told, "coalescing", coalescing);
        put(told, "lease", lease);
        put(told, "quarantine", quarantine);
        put(told, "on-unreachable", onUnreachable);
        put(told, "recovery-capacity", recoveryCapacity);
        put(told, "invalidation-buffer", invalidationBuffer);
        put(told, "max-elements", maxElements);
        put(told, "local.maximum-size", local == null ? null : local.maximumSize);
        put(told, "local.maximum-encoded-size", local == null ? null : local.maximumEncodedSize);
        put(told, "local.ttl", local == null ? null : local.ttl);
        return told;
    }

    private static void put(Map<String, Object> told, String name, @Nullable Object value) {
        if (value != null) {
            told.put(name, value.toString());
        }
    }

    boolean wantsRemote() {
        return remote != RemoteUse.NONE;
    }

    /** Whether values must be encoded also where there is no remote tier. */
    boolean measuresValues() {
        return local != null && local.maximumEncodedSize != null;
    }

    int elementsAtMost() {
        return maxElements == null ? DEFAULT_MAX_ELEMENTS : maxElements;
    }

    /**
     * Tells a builder.
     *
     * @param shared Whether the cache has a remote tier: without one the mode means nothing
     */
    <K, V> void applyTo(ReactiveCacheBuilder<K, V> builder, boolean shared) {
        Setting.of(ttl).to(builder::ttl);
        Setting.of(absentTtl).to(builder::absentTtl);
        Setting.of(staleWhileRevalidate).to(builder::staleWhileRevalidate);
        Setting.of(staleIfError).to(builder::staleIfError);
        Setting.of(softTimeout).to(builder::softTimeout);
        Setting.of(earlyRefresh).to(builder::earlyRefresh);
        Setting.of(refreshBackoff).to(backoff -> backoff.applyTo(builder));
        Setting.of(refreshBulkhead).to(builder::refreshBulkhead);
        Setting.of(jitter).to(builder::jitter);
        Setting.of(loadTimeout).to(builder::loadTimeout);
        Setting.of(loadBulkhead).to(builder::loadBulkhead);
        Setting.of(onAbandon).to(builder::onAbandon);
        Setting.of(shared ? mode : null).to(builder::mode);
        Setting.of(coalescing).to(builder::coalescing);
        Setting.of(lease).to(builder::lease);
        Setting.of(quarantine).to(builder::quarantine);
        Setting.of(onUnreachable).to(builder::onUnreachable);
        Setting.of(recoveryCapacity).to(builder::recoveryCapacity);
        Setting.of(invalidationBuffer).to(builder::invalidationBuffer);
        if (local != null) {
            builder.local(local.tier());
        }
    }
}
