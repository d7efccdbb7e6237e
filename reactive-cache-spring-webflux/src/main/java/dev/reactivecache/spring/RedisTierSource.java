package dev.reactivecache.spring;

import dev.reactivecache.redis.RedisTierBuilder;

/** Knows where Redis is. */
@FunctionalInterface
interface RedisTierSource {

    /** Begins a tier; connects nothing. */
    RedisTierBuilder begin();
}
