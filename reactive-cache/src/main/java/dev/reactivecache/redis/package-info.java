/**
 * The remote tier over Lettuce: commands, scripts and batches, the layout of keys, the streams of
 * invalidations, and how it finds its way back after a fault.
 */
@NullMarked
package dev.reactivecache.redis;

import org.jspecify.annotations.NullMarked;
