package dev.reactivecache.spring;

import dev.reactivecache.redis.RedisTierBuilder;

/** A bean that has a say in how the remote tier is built: called in order, after the properties have been applied. */
@FunctionalInterface
public interface RedisTierCustomizer {

    /** Changes what it wants to. */
    void customize(RedisTierBuilder builder);
}
