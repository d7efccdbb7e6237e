/** What a cache says of itself: its counters, its observers, and its report. */
@NullMarked
package dev.reactivecache.internal.count;

import org.jspecify.annotations.NullMarked;
