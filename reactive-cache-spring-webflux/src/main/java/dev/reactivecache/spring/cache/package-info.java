/** The caches as caches of Spring's cache abstraction, for {@code @Cacheable} and its kin. */
@NullMarked
package dev.reactivecache.spring.cache;

import org.jspecify.annotations.NullMarked;
