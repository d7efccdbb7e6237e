/** What a hit costs in a cache of few keys and of many. */
@NullMarked
package dev.reactivecache.benchmarks.growth;

import org.jspecify.annotations.NullMarked;
