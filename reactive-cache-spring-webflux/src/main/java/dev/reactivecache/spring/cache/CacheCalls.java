package dev.reactivecache.spring.cache;

import dev.reactivecache.spring.ReactiveCaches;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.MethodClassKey;

/** Finds the methods with annotations, and looks, when all is made, whether all their caches are there. */
final class CacheCalls extends StaticMethodMatcherPointcut implements SmartInitializingSingleton {
    private final ConcurrentMap<MethodClassKey, Optional<CacheCall>> known = new ConcurrentHashMap<>();
    private final ObjectProvider<ReactiveCaches> caches;

    CacheCalls(ObjectProvider<ReactiveCaches> caches) {
        this.caches = caches;
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return of(method, targetClass) != null;
    }

    @Nullable
    CacheCall of(Method method, @Nullable Class<?> targetClass) {
        return known.computeIfAbsent(
                        new MethodClassKey(method, targetClass),
                        key -> Optional.ofNullable(CacheCall.of(AopUtils.getMostSpecificMethod(method, targetClass))))
                .orElse(null);
    }

    @Override
    public void afterSingletonsInstantiated() {
        known.values().stream()
                .flatMap(Optional::stream)
                .flatMap(CacheCall::caches)
                .distinct()
                .forEach(name -> caches.getObject().get(name));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(known);
    }
}
