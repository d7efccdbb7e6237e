/** Nodes in processes of their own, and the lines that are exchanged with them. */
@NullMarked
package dev.reactivecache.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
