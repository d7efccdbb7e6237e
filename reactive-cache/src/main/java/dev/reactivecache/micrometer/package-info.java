/** The meters and observations of caches, by Micrometer, which is an optional dependency. */
@NullMarked
package dev.reactivecache.micrometer;

import org.jspecify.annotations.NullMarked;
