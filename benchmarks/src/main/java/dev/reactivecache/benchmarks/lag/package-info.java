/** How long a change takes to reach the memory of another node. */
@NullMarked
package dev.reactivecache.benchmarks.lag;

import org.jspecify.annotations.NullMarked;
