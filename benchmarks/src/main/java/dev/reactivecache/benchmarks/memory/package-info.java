/** What entries and loads under way take of memory. */
@NullMarked
package dev.reactivecache.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
