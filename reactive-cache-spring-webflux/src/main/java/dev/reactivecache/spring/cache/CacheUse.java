package dev.reactivecache.spring.cache;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.expression.Expression;

/**
 * One cache, and how an annotation uses it.
 *
 * @param cache the name of the cache
 * @param key null for the only argument
 * @param keyType what keys are, as far as the method's declaration tells it
 * @param condition whether to use the cache, or null for always
 * @param unless whether not to store a result, or null for never
 * @param tags the tags of a result, or null for none
 * @param ttl the time to live of a result, or null for the cache's
 */
record CacheUse(
        String cache,
        @Nullable Expression key,
        ResolvableType keyType,
        @Nullable Expression condition,
        @Nullable Expression unless,
        @Nullable Expression tags,
        @Nullable Expression ttl) {}
