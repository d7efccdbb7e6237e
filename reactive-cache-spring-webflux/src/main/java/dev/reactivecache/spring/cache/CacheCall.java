package dev.reactivecache.spring.cache;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What the annotations of one method say, checked and parsed.
 *
 * @param many whether it returns a {@code Flux}
 * @param read what to answer from, or null
 * @param invalidations what to invalidate afterwards
 */
record CacheCall(Method method, boolean many, @Nullable Use read, List<Use> invalidations) {
    private static final SpelExpressionParser PARSER = new SpelExpressionParser();
    private static final String FLOW = "kotlinx.coroutines.flow.Flow";

    /**
     * One cache, and how it is used.
     *
     * @param key null for the only argument
     */
    record Use(
            String cache,
            @Nullable Expression key,
            @Nullable Expression condition,
            @Nullable Expression unless) {}

    /**
     * Reads a method's annotations; null if it has none.
     *
     * @throws IllegalStateException if it returns neither a {@code Mono} nor a {@code Flux} and does not suspend, a key
     *     is missing, or an expression cannot be parsed
     */
    static @Nullable CacheCall of(Method method) {
        ReactiveCacheable read = AnnotatedElementUtils.findMergedAnnotation(method, ReactiveCacheable.class);
        var invalidations =
                AnnotatedElementUtils.findMergedRepeatableAnnotations(method, ReactiveCacheInvalidate.class);
        if (read == null && invalidations.isEmpty()) {
            return null;
        }
        boolean many = method.getReturnType() == Flux.class;
        String returned = returnedBy(method);
        if (!many && method.getReturnType() != Mono.class && (!isSuspending(method) || returned.equals(FLOW))) {
            throw new IllegalStateException(
                    method + " must return a Mono or a Flux to be cached, or suspend; it returns " + returned);
        }
        return new CacheCall(
                method,
                many,
                read == null ? null : use(method, read.cache(), read.key(), read.condition(), read.unless()),
                invalidations.stream()
                        .map(one -> use(method, one.cache(), one.key(), one.condition(), ""))
                        .toList());
    }

    /** Whether Spring's proxies have it return a {@code Mono} to interceptors. */
    private static boolean isSuspending(Method method) {
        return KotlinDetector.isSuspendingFunction(method);
    }

    /** What a function that suspends returns is known from its last parameter alone. */
    private static String returnedBy(Method method) {
        if (!isSuspending(method)) {
            return method.getReturnType().getName();
        }
        ResolvableType continuation = ResolvableType.forMethodParameter(method, method.getParameterCount() - 1);
        return continuation.getGeneric(0).resolve(Object.class).getName();
    }

    private static Use use(Method method, String cache, String key, String condition, String unless) {
        int arguments = method.getParameterCount() - (isSuspending(method) ? 1 : 0);
        if (key.isEmpty() && arguments != 1) {
            throw new IllegalStateException(
                    method + " must name its key, since it has not exactly one argument: key = \"#id\"");
        }
        return new Use(cache, parsed(method, key), parsed(method, condition), parsed(method, unless));
    }

    private static @Nullable Expression parsed(Method method, String text) {
        try {
            return text.isEmpty() ? null : PARSER.parseExpression(text);
        } catch (ParseException e) {
            throw new IllegalStateException(method + ": '" + text + "' is no SpEL expression: " + e.getMessage(), e);
        }
    }

    /** The names of all caches in it. */
    Stream<String> caches() {
        Stream<Use> all = read == null ? Stream.empty() : Stream.of(read);
        return Stream.concat(all, invalidations.stream()).map(Use::cache);
    }
}
