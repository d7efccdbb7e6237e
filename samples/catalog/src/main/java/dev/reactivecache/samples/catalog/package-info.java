/**
 * An airport catalog that is slow without a cache and quick with one.
 */
@NullMarked
package dev.reactivecache.samples.catalog;

import org.jspecify.annotations.NullMarked;
