/** What the stream of changes costs a node. */
@NullMarked
package dev.reactivecache.benchmarks.stream;

import org.jspecify.annotations.NullMarked;
