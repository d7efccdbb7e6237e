/** How often the origin is asked. */
@NullMarked
package dev.reactivecache.benchmarks.origin;

import org.jspecify.annotations.NullMarked;
