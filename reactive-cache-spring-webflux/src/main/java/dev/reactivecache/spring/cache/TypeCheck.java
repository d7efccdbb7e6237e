package dev.reactivecache.spring.cache;

import dev.reactivecache.spring.ReactiveCacheConfigurationException;
import dev.reactivecache.spring.ReactiveCaches;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/** Looks whether methods fit their caches, as far as the declarations of both tell it. */
final class TypeCheck {
    private final ReactiveCaches caches;
    private final boolean slice;

    /**
     * Creates one.
     *
     * @param slice whether caches may be missing, because this is a slice of the application
     */
    TypeCheck(ReactiveCaches caches, boolean slice) {
        this.caches = caches;
        this.slice = slice;
    }

    /**
     * Looks at a method's keys and, if it is answered from a cache, at what it returns.
     *
     * @throws ReactiveCacheConfigurationException if a cache cannot have such keys or values, or there is no such cache
     */
    void check(CacheCall call) {
        call.uses().forEach(use -> {
            if (!slice) {
                caches.get(use.cache());
            }
            requireKeys(call, use, caches.keyType(use.cache()));
        });
        if (call.read() != null) {
            requireValues(
                    call, call.read().cache(), caches.valueType(call.read().cache()));
        }
    }

    private static void requireKeys(CacheCall call, CacheUse use, ResolvableType keys) {
        Class<?> wanted = boxed(keys);
        Class<?> given = boxed(use.keyType());
        if (wanted != null && given != null && !wanted.isAssignableFrom(given) && !given.isAssignableFrom(wanted)) {
            throw new ReactiveCacheConfigurationException(
                    "cache '" + use.cache() + "' has keys of type " + wanted.getName() + ", and " + call.method()
                            + " asks it for one of type " + given.getName(),
                    "Change one of the two types, or " + KeyHint.of(wanted, given) + ".",
                    null);
        }
    }

    private static void requireValues(CacheCall call, String cache, ResolvableType values) {
        if (!fits(values, call.result())) {
            throw new ReactiveCacheConfigurationException(
                    "cache '" + cache + "' has values of type " + values + ", and " + call.method() + " stores "
                            + (call.many() ? "its elements as " : "") + call.result(),
                    "Give the method a cache whose value-type is " + call.result() + ".",
                    null);
        }
    }

    /** Whether a value of the one type may be one of the other, where both are known. */
    private static boolean fits(ResolvableType wide, ResolvableType narrow) {
        Class<?> wanted = boxed(wide);
        Class<?> given = boxed(narrow);
        if (wanted == null || given == null || given == Object.class) {
            return true;
        }
        if (!wanted.isAssignableFrom(given)) {
            return false;
        }
        ResolvableType seen = narrow.as(wanted);
        for (int i = 0; i < wide.getGenerics().length; i++) {
            if (!fits(wide.getGeneric(i), seen.getGeneric(i))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Class<?> boxed(ResolvableType type) {
        Class<?> known = type.resolve();
        return known == null ? null : ClassUtils.resolvePrimitiveIfNecessary(known);
    }
}
