/** The caches that are compared, each as one node of a fleet. */
@NullMarked
package dev.reactivecache.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
