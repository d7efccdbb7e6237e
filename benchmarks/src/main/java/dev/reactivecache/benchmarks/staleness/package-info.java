/** What is answered from memory while the connection to Redis is gone. */
@NullMarked
package dev.reactivecache.benchmarks.staleness;

import org.jspecify.annotations.NullMarked;
