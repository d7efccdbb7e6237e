/**
 * Benchmarks of the cache, measured with JMH.
 */
@NullMarked
package dev.reactivecache.benchmarks;

import org.jspecify.annotations.NullMarked;
