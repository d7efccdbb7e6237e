/** Many callers of one cold key. */
@NullMarked
package dev.reactivecache.benchmarks.stampede;

import org.jspecify.annotations.NullMarked;
