package dev.reactivecache.spring.cache;

import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.Expression;

/**
 * What the annotations of one method say, checked and parsed.
 *
 * @param many whether it returns a {@code Flux}
 * @param result what is stored of what it returns, as far as its declaration tells it
 * @param read what to answer from, or null
 * @param invalidations what to invalidate afterwards
 */
record CacheCall(
        Method method,
        boolean many,
        ResolvableType result,
        @Nullable CacheUse read,
        List<CacheUse> invalidations) {

    /**
     * Reads a method's annotations; null if it has none.
     *
     * @param target the class that it is called on
     * @param beans whether there is a bean of a name
     * @throws IllegalStateException if it returns neither a {@code Mono} nor a {@code Flux} and does not suspend, a key
     *     is missing, or an expression cannot be parsed or asks for something that there will not be
     */
    static @Nullable CacheCall of(Method method, Class<?> target, Predicate<String> beans) {
        ReactiveCacheable read = AnnotatedElementUtils.findMergedAnnotation(method, ReactiveCacheable.class);
        var invalidations =
                AnnotatedElementUtils.findMergedRepeatableAnnotations(method, ReactiveCacheInvalidate.class);
        if (read == null && invalidations.isEmpty()) {
            return null;
        }
        CallDeclaration declared = new CallDeclaration(method, target, beans);
        return new CacheCall(
                method,
                declared.isMany(),
                declared.result(),
                read == null ? null : use(declared, read),
                invalidations.stream().map(one -> use(declared, one)).toList());
    }

    private static CacheUse use(CallDeclaration declared, ReactiveCacheable read) {
        Expression key = declared.key(read.key(), false);
        return new CacheUse(
                read.cache(),
                key,
                declared.typeOf(key),
                declared.parsed(read.condition(), false),
                declared.parsed(read.unless(), true),
                declared.parsed(read.tags(), true),
                declared.parsed(read.ttl(), true));
    }

    /** Of a {@code Flux} there is no result. */
    private static CacheUse use(CallDeclaration declared, ReactiveCacheInvalidate invalidation) {
        boolean hasResult = !declared.isMany();
        Expression key = declared.key(invalidation.key(), hasResult);
        return new CacheUse(
                invalidation.cache(),
                key,
                declared.typeOf(key),
                declared.parsed(invalidation.condition(), hasResult),
                null,
                null,
                null);
    }

    /** All uses of caches in it. */
    Stream<CacheUse> uses() {
        return Stream.concat(Stream.ofNullable(read), invalidations.stream());
    }
}
