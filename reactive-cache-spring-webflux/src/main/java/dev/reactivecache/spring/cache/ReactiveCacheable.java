package dev.reactivecache.spring.cache;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Puts a cache in front of a method that returns a {@code Mono} or a {@code Flux}, or of a Kotlin function that
 * suspends, as if that returned a {@code Mono}: what it returns is
 * {@link dev.reactivecache.ReactiveCache#getOrFetch(Object, java.util.function.Function)}, with the method as the
 * loader.
 *
 * <p>Nothing happens before subscription, and the method is called only for a miss; each subscription looks up anew.
 * The method sees the Reactor Context of the caller whose miss it is; concurrent callers share its one call, whether
 * they come through this annotation, Spring's or the cache itself; cancelling is as safe as there. Spring's own
 * {@code @Cacheable} keeps none of this for sure.
 *
 * <p>If {@link #tags} or {@link #ttl} cannot be found out, callers get what was loaded all the same; it is not stored,
 * and a warning is logged.
 *
 * <p>The elements of a {@code Flux} are collected, and stored as a {@code List}; more than {@code max-elements} of the
 * cache are passed on, and not stored.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface ReactiveCacheable {

    /** The name of the cache. */
    String cache();

    /** The key, in SpEL, over the arguments: {@code "#id"}. Default: the method's only argument. */
    String key() default "";

    /** Whether to use the cache, in SpEL, over the arguments. Default: always. */
    String condition() default "";

    /**
     * Whether not to store what was loaded, in SpEL, over the arguments and {@code #result}: an element, a list of
     * elements, or null. Callers get it all the same. Default: never.
     */
    String unless() default "";

    /**
     * The tags of what is stored, in SpEL, over the same: one, an array or a collection, as in {@code "'seller:' +
     * #result.seller"} or {@code "#result.categories"}. {@link dev.reactivecache.ReactiveCache#invalidateTag} voids all
     * that has a tag. Default: none.
     */
    String tags() default "";

    /**
     * The time to live of what is stored, a {@code Duration}, in SpEL, over the same: {@code "#result.validFor"}. Null
     * means the cache's own. What would live for less than a millisecond is not stored.
     */
    String ttl() default "";
}
