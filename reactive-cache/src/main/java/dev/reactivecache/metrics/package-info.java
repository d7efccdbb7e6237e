/**
 * What a cache reports about its work: an interface for observers, and the one that feeds Micrometer.
 */
@NullMarked
package dev.reactivecache.metrics;

import org.jspecify.annotations.NullMarked;
