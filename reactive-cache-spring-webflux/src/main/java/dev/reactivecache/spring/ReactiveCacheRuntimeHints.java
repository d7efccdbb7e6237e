package dev.reactivecache.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * What a native image must keep: the scripts for Redis, and what an endpoint and server-sent events are written from.
 */
final class ReactiveCacheRuntimeHints implements RuntimeHintsRegistrar {
    static final String SCRIPTS = "dev/reactivecache/redis/*.lua";
    static final String USED_IN_EXPRESSIONS = "dev.reactivecache.spring.cache.CallRoot";
    static final List<String> WRITTEN_AS_JSON = List.of(
            "dev.reactivecache.CacheStats",
            "dev.reactivecache.spring.InvalidationStream$KeyData",
            "dev.reactivecache.spring.InvalidationStream$GapData",
            "dev.reactivecache.spring.actuate.CacheReport$Caches",
            "dev.reactivecache.spring.actuate.CacheReport$Summary",
            "dev.reactivecache.spring.actuate.CacheReport$Detail",
            "dev.reactivecache.spring.actuate.CacheReport$KeyDetail");

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
        hints.resources().registerPattern(SCRIPTS);
        for (String type : WRITTEN_AS_JSON) {
            hints.reflection()
                    .registerTypeIfPresent(
                            loader,
                            type,
                            MemberCategory.INVOKE_DECLARED_METHODS,
                            MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
                            MemberCategory.ACCESS_DECLARED_FIELDS);
        }
        hints.reflection().registerTypeIfPresent(loader, USED_IN_EXPRESSIONS, MemberCategory.INVOKE_PUBLIC_METHODS);
        for (Class<?> bound : new Class<?>[] {CacheProperties.class, CacheProperties.Local.class}) {
            hints.reflection()
                    .registerType(
                            bound, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS, MemberCategory.INVOKE_DECLARED_METHODS);
        }
    }
}
