/**
 * Invalidations that the remote tier has yet to acknowledge, or may have lost: which keys they are about, and when each
 * is sent again. What to do next is decided apart from doing it, and all time comes from the cache's timer.
 */
@NullMarked
package dev.reactivecache.internal.recovery;

import org.jspecify.annotations.NullMarked;
