package dev.reactivecache.spring.cache;

import dev.reactivecache.spring.ApplicationSlice;
import dev.reactivecache.spring.ReactiveCaches;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.MethodClassKey;
import org.springframework.core.env.Environment;

/** Finds the methods with annotations, and looks, when all is made, whether they fit their caches. */
final class CacheCalls extends StaticMethodMatcherPointcut implements SmartInitializingSingleton {
    private final ConcurrentMap<MethodClassKey, Optional<CacheCall>> known = new ConcurrentHashMap<>();
    private final ObjectProvider<ReactiveCaches> caches;
    private final BeanFactory beans;
    private final Environment environment;

    CacheCalls(ObjectProvider<ReactiveCaches> caches, BeanFactory beans, Environment environment) {
        this.environment = environment;
        this.caches = caches;
        this.beans = beans;
    }

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return of(method, targetClass) != null;
    }

    @Nullable
    CacheCall of(Method method, @Nullable Class<?> targetClass) {
        return known.computeIfAbsent(
                        new MethodClassKey(method, targetClass), key -> Optional.ofNullable(read(method, targetClass)))
                .orElse(null);
    }

    /** As Spring's annotations do: a class of proxies has no names of arguments, the interface has. */
    private @Nullable CacheCall read(Method method, @Nullable Class<?> targetClass) {
        Class<?> target = targetClass == null ? method.getDeclaringClass() : targetClass;
        Method declared = Proxy.isProxyClass(target) ? method : AopUtils.getMostSpecificMethod(method, target);
        return CacheCall.of(declared, target, beans::containsBean);
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<CacheCall> calls =
                known.values().stream().flatMap(Optional::stream).toList();
        if (!calls.isEmpty()) {
            calls.forEach(new TypeCheck(caches.getObject(), ApplicationSlice.isIn(environment))::check);
        }
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
