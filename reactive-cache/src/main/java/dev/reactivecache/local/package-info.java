/**
 * The tier inside the process, kept in a Caffeine cache.
 */
@NullMarked
package dev.reactivecache.local;

import org.jspecify.annotations.NullMarked;
