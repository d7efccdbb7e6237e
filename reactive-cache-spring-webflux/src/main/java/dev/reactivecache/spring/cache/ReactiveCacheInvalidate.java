package dev.reactivecache.spring.cache;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Invalidates a key after a method that returns a {@code Mono} or a {@code Flux}, or a Kotlin function that suspends,
 * has completed without error; in a reactive transaction, after its commit.
 *
 * <p>What the method returned completes when the remote tier has acknowledged the invalidation (outside of a
 * transaction). If it does not, the method's own work is done all the same: its result reaches the caller, a warning is
 * logged, and the invalidation is kept and sent again. With {@code reactive-cache.annotations.on-unacknowledged=fail}
 * the caller gets the error of {@link dev.reactivecache.ReactiveCache#invalidate(Object)} instead. A method that fails,
 * or is cancelled before it completes, invalidates nothing.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(ReactiveCacheInvalidate.All.class)
public @interface ReactiveCacheInvalidate {

    /** The name of the cache. */
    String cache();

    /**
     * The key, in SpEL, over the arguments and {@code #result}: {@code "#product.id"}. Of a {@code Flux} there is no
     * {@code #result}. Default: the method's only argument.
     */
    String key() default "";

    /** Whether to invalidate, in SpEL, over the same. Default: always. */
    String condition() default "";

    /** Several of them. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @Documented
    @interface All {
        /** All of them. */
        ReactiveCacheInvalidate[] value();
    }
}
